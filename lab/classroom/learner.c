#include "learner.h"

#include <errno.h>
#include <string.h>

void learner_suggest(const struct learner *learner, const struct page *page,
                     const char *what, const char *exercise) {
    bool is_usual = strcmp(learner->directory, "course") == 0;

    fprintf(page->out, "    %s learn %s%s%s%s%s\n", program_invocation_name,
            what, exercise ? " " : "", exercise ? exercise : "",
            is_usual ? "" : " --dir ", is_usual ? "" : learner->directory);
}
