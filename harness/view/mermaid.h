// mermaid.h - an execution as a sequence diagram, in the language of Mermaid.
//
// Source: the grammar of sequenceDiagram, https://mermaid.js.org/syntax/
// sequenceDiagram.html. Whatever that could take for its own is written as a
// character's number.
#ifndef RACELAB_MERMAID_H
#define RACELAB_MERMAID_H

#include "scene.h"

#include <stdio.h>

void mermaid_print(const struct scene *scene, FILE *out);

#endif
