// html.h - an execution as one page, for a browser and a projector.
//
// The timeline as a table, a column for every task and every pooled object,
// with nothing left out or cut. What a step comes after, and what it makes a
// pair with, are links to those steps. The page needs no script, no network and
// no other file.
#ifndef RACELAB_HTML_H
#define RACELAB_HTML_H

#include "scene.h"

#include <stdio.h>

// `title` is what was run.
void html_print(const struct scene *scene, const char *title, FILE *out);

#endif
