// live.h - what ThreadSanitizer says of a scenario that runs on real libuv.
#ifndef LIVE_H
#define LIVE_H

enum { LIVE_VALUE, LIVE_OTHER, LIVE_KINDS };

// How many reports there were on scenario_value, and on anything else.
extern int live_reports[LIVE_KINDS];

#endif
