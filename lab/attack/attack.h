// attack.h - the verb `attack`: the load of the seed, with vegeta's options.
//
// Enough of vegeta for the lesson, and for this machine alone: requests at a
// constant rate, whatever the answers do, and a report.
#ifndef LAB_ATTACK_ATTACK_H
#define LAB_ATTACK_ATTACK_H

#define ATTACK_ARGUMENTS                                                       \
    "-targets=FILE [-rate=N[/TIME]] -duration=TIME [-timeout=TIME]"
#define ATTACK_SUMMARY "request at a constant rate, and report as vegeta does"

// Returns the exit status: 0 when all requests succeeded, 1 when one did not,
// 2 after bad options or targets.
int attack(int argc, char **argv);

#endif
