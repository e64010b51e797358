// point.h - what a program may say to the harness.
//
// A program under test is an ordinary libuv program. It may mark the places
// where the scheduler may switch, give names to memory, say when something
// that is pooled gets and loses its owner, and say which line is its outcome
// and what it has found before.
// In a program that is compiled without the harness each of these is nothing;
// in one that is compiled for it, but runs with no schedule, each is one
// branch that is never taken.
//
// Rules
//   - A name is a string literal `noun.moment` ("pool.put"); schedules, traces
//     and goldens show the same string.
//   - POINT_READ and its kin also say what the code from here to the next
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
void racelab_point_load(const char *name, const void *object);
void racelab_point_store(const char *name, const void *object);
void racelab_point_update(const char *name, const void *object);
void racelab_point_get(const char *name, const void *object, const char *owner);
void racelab_point_put(const char *name, const void *object);
void racelab_saw(const char *what, long long value);
void racelab_outcome(const char *line);

#define RACELAB_SAY(call) (racelab_controlled ? (call) : (void)0)

#else

#define RACELAB_SAY(call) ((void)0)

#endif

// A place where the scheduler may switch to another task.
#define POINT(name)               RACELAB_SAY(racelab_point(name))
#define POINT_READ(name, object)  RACELAB_SAY(racelab_point_read(name, object))
#define POINT_WRITE(name, object) RACELAB_SAY(racelab_point_write(name, object))

// The same for an object that is atomic: they order tasks, and do not race.
#define POINT_LOAD(name, object)  RACELAB_SAY(racelab_point_load(name, object))
#define POINT_STORE(name, object) RACELAB_SAY(racelab_point_store(name, object))
#define POINT_UPDATE(name, object)                                             \
    RACELAB_SAY(racelab_point_update(name, object))

// `bytes` of memory are called `name` ("context.keys") in reports. A later
// NAMED that covers the same memory takes its place; of nested names the
// innermost is shown.
#define NAMED(memory, bytes, name)                                             \
    RACELAB_SAY(racelab_named(memory, bytes, name))

// `object` has been taken from its pool on behalf of `owner` (a request's
// name). The task that says so works for `owner` from now on, and so do the
// threads that it starts, which are named after it ("A.job"), the work that it
// queues, and the timers and messages that it sends; whoever else touches the
// object at a point is a finding. How large the object is its NAMED says.
#define POINT_GET(name, object, owner)                                         \
    RACELAB_SAY(racelab_point_get(name, object, owner))

// `object` goes back to its pool, right after this. When it was the last that
// its request had, the task works for nobody.
#define POINT_PUT(name, object) RACELAB_SAY(racelab_point_put(name, object))

// What the step before this has found, for who looks at the schedule: a name
// and a number.
#define SAW(what, value) RACELAB_SAY(racelab_saw(what, value))

// What the task reports: the line that it has just printed.
#define OUTCOME(line) RACELAB_SAY(racelab_outcome(line))

#endif
