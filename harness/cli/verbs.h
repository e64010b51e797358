// verbs.h - the verbs of the command line, one file each.
//
// Each is called with argv[0] being the verb, prints its result on standard
// output and its complaints on standard error, and returns the exit status.
#ifndef RACELAB_VERBS_H
#define RACELAB_VERBS_H

#include "errors.h"

#include <getopt.h>
#include <racelab/program.h>

enum exit_status {
    EXIT_AS_IT_SHOULD_BE = 0,
    EXIT_FINDING = 1,  // a wrong outcome, a race, a deadlock
    EXIT_TROUBLE = 2,  // bad input, usage
    EXIT_DIVERGED = 3, // the schedule does not fit the program
};

int replay_main(int argc, char **argv);
int explore_main(int argc, char **argv);
int shrink_main(int argc, char **argv);
int explain_main(int argc, char **argv);
int table_main(int argc, char **argv);
int matrix_main(int argc, char **argv);
int show_main(int argc, char **argv);
int list_main(int argc, char **argv);
int doctor_main(int argc, char **argv);

// The lab that racelab_main was called with.
extern const struct racelab_lab *verbs_lab;

// The program of that name; NULL, with a complaint that suggests the nearest.
const struct racelab_program *verbs_find_program(const char *name);

// What the program's clients send unless they are told otherwise.
const char *verbs_requests(const struct racelab_program *program);

// The next option, as getopt_long has it, with -h for help and -o for an --out
// that there is. '?' after a message
// that names the verb and what is wrong.
int verbs_option(const char *verb, int argc, char **argv,
                 const struct option *options);

// Says "racelab VERB: WHAT WORD; see …". Returns EXIT_TROUBLE.
int verbs_usage(const char *verb, const char *what, const char *word);

// Says what is wrong with a file, and where. Returns EXIT_TROUBLE.
int verbs_complain(const char *file, const struct error *error);

#endif
