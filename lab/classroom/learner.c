#include "learner.h"

#include "shellword.h"

#include <errno.h>
#include <string.h>

void learner_suggest(const struct learner *learner, const struct page *page,
                     const char *what, const char *exercise) {
    fputs("    ", page->out);
    shellword_print(program_invocation_name, page->out);
    fprintf(page->out, " learn %s%s%s", what, exercise ? " " : "",
            exercise ? exercise : "");
    if (strcmp(learner->directory, "course") != 0) {
        fputs(" --dir ", page->out);
        shellword_print(learner->directory, page->out);
    }
    fputc('\n', page->out);
}
