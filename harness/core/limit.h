// limit.h - every maximum of the harness, with its reason.
#ifndef RACELAB_LIMIT_H
#define RACELAB_LIMIT_H

enum {
    // A classroom's schedule has a handful of tasks; ten requests, their jobs
    // and a few workers stay well below this.
    LIMIT_TASKS = 128,
    // Names come from files and headers; a longer one is a mistake.
    LIMIT_NAME = 64,
    // Steps of one execution. The longest schedule in expected/ has under 300;
    // a program that needs more than this is going round in circles.
    LIMIT_STEPS = 20000,
    // The same, with the polls that are not steps of their own.
    LIMIT_GRANTS = 10 * LIMIT_STEPS,
    // What a program prints in one execution; more is cut, and said.
    LIMIT_CONSOLE_BYTES = 1 << 20,
    // A schedule is written by hand; a file beyond this is not one.
    LIMIT_SCHEDULE_BYTES = 1 << 20,
    LIMIT_LINE_BYTES = 1000,
    // The text of a message, with names, places and a list of tasks.
    LIMIT_MESSAGE = 2000,
    // Seconds of processor time without a step after which a task is said to
    // spin. A step takes microseconds.
    LIMIT_SPIN_SECONDS = 3,
    // The same for one that is stuck in a call and uses no processor: of the
    // clock, and longer, because a machine may be busy with something else.
    LIMIT_STUCK_SECONDS = 15,
    // Workers of the modelled thread pool: libuv's own default, and more than a
    // lesson needs.
    LIMIT_WORKERS_DEFAULT = 4,
    LIMIT_WORKERS = 64,
    // Timers and signal handles that are active at once. A timer is a task too.
    LIMIT_TIMERS = 64,
    LIMIT_SIGNALS = 16,
    LIMIT_LOOPS = 16,
    LIMIT_KEYS = 16,
    LIMIT_PORTS = 16,
    // Races of one execution that are kept, one for each word of memory.
    LIMIT_RACES = 64,
    // Findings of one execution that are kept: each says who, and what.
    LIMIT_FINDINGS = 64,
    // Pooled objects that somebody owns or has owned: a context a request.
    LIMIT_POOLED = 128,
    // Edges of one execution that are kept for whoever explains it: a lock in
    // two steps has one.
    LIMIT_EDGES = LIMIT_STEPS,
    // Names of what steps have found, in a process: a program says a few, and
    // one that is generic has them from outside.
    LIMIT_SAW = 64,
    // Pieces of named memory: five to a context, twenty contexts, and room.
    LIMIT_NAMED = 1024,
    // Orders of steps that a bug may need, for pct. Those of the literature
    // need three at most.
    LIMIT_DEPTH = 100,
    // An answer is read up to here; only its status line is shown.
    LIMIT_ANSWER_BYTES = 4096,
};

#endif
