// scene.h - what there is to see in an execution, worked out once for those
// who draw it: who has a line of its own, what comes before what, whose the
// pooled objects are, and which steps decide.
//
// Rules
//   - It is the same in every build: ThreadSanitizer's reports are no part.
//   - The edges of happens.h must have been kept, and steps be detailed.
//   - What it is made from is borrowed until scene_done.
#ifndef RACELAB_SCENE_H
#define RACELAB_SCENE_H

#include "happens.h"
#include "owner.h"
#include "trace.h"

// A pooled object, by the name that the program gave it.
struct scene_object {
    char name[LIMIT_NAME * 2]; // "context#1"
    const char *label;         // "#1" where that is enough; part of the name
};

// Something wrong: a race, a finding, or both in the same two steps.
struct scene_mark {
    const struct happens_race *race; // or NULL
    const struct finding *finding;   // or NULL
    // The two steps that make it wrong, the earlier one first. Of a foreign
    // touch the first is the last write that was made for another request; 0:
    // there is none, and one step is wrong by itself.
    int first, second;
    bool ordered; // the first happens before the second
};

struct scene {
    const struct trace *trace;
    const struct owners *owners;
    const char *ended; // why before its end; NULL: it has come to that
    // Those that have a stack and made a step, in the order of their first.
    int tasks[LIMIT_TASKS], task_count;
    struct scene_object objects[LIMIT_POOLED];
    int object_count;
    // Those that follow from no others, by the step that they lead to.
    struct happens_edge *edges;
    int edge_count;
    // The one that decides comes first, the others in the order of their steps.
    struct scene_mark marks[LIMIT_RACES + LIMIT_FINDINGS];
    int mark_count;
};

// `ended` says why the execution did not come to its end; NULL: it did. 0, or
// -1: no memory.
int scene_init(struct scene *scene, const struct trace *trace,
               const struct owners *owners, const struct happens *happens,
               const char *ended);
void scene_done(struct scene *scene);

// The step of that number.
const struct step *scene_step(const struct scene *scene, int number);

// A task without a stack: its step is one of the world's.
bool scene_is_stackless(const struct step *step);

// Whose line a step is shown on: the task's own; of one without a stack that of
// the loop that takes it.
int scene_line_of(const struct scene *scene, const struct step *step);

// The first and the last step of a task; 0: it made none.
int scene_first(const struct scene *scene, int task);
int scene_last(const struct scene *scene, int task);

// Which of the objects a step gets or puts, by index; -1: none.
int scene_object_of(const struct scene *scene, const struct step *step);

// What was reported in that step and comes next, from index `*next` on, which
// goes on behind it; NULL: nothing more. The step need not be the reporter's:
// who has come to a point and others go on has yet to do what comes next.
const struct outcome *scene_outcome(const struct scene *scene, int step,
                                    int *next);

// Does this edge lead from one who starts a task to that task's first step?
bool scene_is_start(const struct scene *scene, const struct happens_edge *edge);

// Writes what a step does, without its name: what it touches, what it has
// found. With `short_names` pooled objects go by their labels.
void scene_describe(const struct scene *scene, int step, bool short_names,
                    char *text, size_t room);

#endif
