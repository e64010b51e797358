// shellword.h - a word of a command, as it would be typed.
#ifndef LAB_CLASSROOM_SHELLWORD_H
#define LAB_CLASSROOM_SHELLWORD_H

#include <stdio.h>

// Prints `word` so that a shell takes it for one, whatever is in it.
void shellword_print(const char *word, FILE *out);

#endif
