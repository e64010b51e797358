// point.h - what a program may say to the harness.
//
// A program under test is an ordinary libuv program. It may mark the places
// where the scheduler may switch, give names to memory, say when something
// that is pooled gets and loses its owner, and say which line is its outcome.
// In a program that is compiled without the harness each of these is nothing;
// in one that is compiled for it, but runs with no schedule, each is one
// branch that is never taken.
//
// Rules
//   - A name is a string literal `noun.moment` ("pool.put"); schedules, traces
//     and goldens show the same string.
//   - POINT_READ and POINT_WRITE also say what the code from here to the next
//     point, lock or call does to `object`. Put them right before the access.
//   - No pointer is kept beyond the execution, and nothing is ever freed.
//
// The idea of named points: RocksDB's SyncPoint, MySQL's DEBUG_SYNC.
#ifndef RACELAB_POINT_H
#define RACELAB_POINT_H

#ifdef RACELAB_CONTROL

extern int racelab_controlled; // an execution is under way

void racelab_point(const char *name);
void racelab_point_read(const char *name, const void *object);
void racelab_point_write(const char *name, const void *object);
void racelab_named(const void *memory, unsigned long bytes, const char *name);
void racelab_owned(const void *object, const char *owner);
void racelab_disowned(const void *object);
void racelab_outcome(const char *line);

#define RACELAB_SAY(call) (racelab_controlled ? (call) : (void)0)

#else

#define RACELAB_SAY(call) ((void)0)

#endif

// A place where the scheduler may switch to another task.
#define POINT(name)               RACELAB_SAY(racelab_point(name))
#define POINT_READ(name, object)  RACELAB_SAY(racelab_point_read(name, object))
#define POINT_WRITE(name, object) RACELAB_SAY(racelab_point_write(name, object))

// `bytes` of memory are called `name` ("context.keys") in reports. A later
// NAMED that covers the same memory takes its place; of nested names the
// innermost is shown.
#define NAMED(memory, bytes, name)                                             \
    RACELAB_SAY(racelab_named(memory, bytes, name))

// `object` was taken from its pool on behalf of `owner` (a request's name), by
// the task that says so; until DISOWNED that task works for `owner`, and the
// threads that it starts are named after it ("A.job").
#define OWNED(object, owner) RACELAB_SAY(racelab_owned(object, owner))
#define DISOWNED(object)     RACELAB_SAY(racelab_disowned(object))

// What the task reports: the line that it has just printed.
#define OUTCOME(line) RACELAB_SAY(racelab_outcome(line))

#endif
