// perfetto.h - an execution as a trace of Chrome's, which ui.perfetto.dev
// opens.
//
// A track a task; a step is a millisecond long, since nothing else is the same
// on every machine.
//
// Source: "Trace Event Format", the JSON of Chrome's tracing.
#ifndef RACELAB_PERFETTO_H
#define RACELAB_PERFETTO_H

#include "scene.h"

#include <stdio.h>

// `title` is what the trace calls the process.
void perfetto_print(const struct scene *scene, const char *title, FILE *out);

#endif
