// address.h - what AddressSanitizer reports of memory that the program pools.
//
// A context that malloc gave and free took back may be handed out again, or
// not: what is read there is nobody's to foretell. In a build with
// -Db_sanitize=address such an access is a finding, and the execution goes on.
// Every other report is none of the lesson's: it is printed, and ends the
// process.
//
// In a build without AddressSanitizer nothing is ever reported.
#ifndef RACELAB_ADDRESS_H
#define RACELAB_ADDRESS_H

#include "scheduler.h"

// Takes the reports of the execution, until address_end().
void address_begin(struct scheduler *scheduler);
void address_end(void);

#endif
