#include "learner.h"

#include <errno.h>
#include <string.h>

// As a shell takes it for one word.
static void print_word(const char *word, FILE *out) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789_./-";
    if (word[strspn(word, plain)] == '\0') {
        fputs(word, out);
        return;
    }
    fputc('\'', out);
    for (; *word; word++)
        fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, out);
    fputc('\'', out);
}

void learner_suggest(const struct learner *learner, const struct page *page,
                     const char *what, const char *exercise) {
    fputs("    ", page->out);
    print_word(program_invocation_name, page->out);
    fprintf(page->out, " learn %s%s%s", what, exercise ? " " : "",
            exercise ? exercise : "");
    if (strcmp(learner->directory, "course") != 0) {
        fputs(" --dir ", page->out);
        print_word(learner->directory, page->out);
    }
    fputc('\n', page->out);
}
