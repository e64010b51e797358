// live_main.c - `primitives-live N`: runs scenario N on real libuv and prints
// what its reader saw, the races on its variable and all other reports.
#include "live.h"
#include "scenarios.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    int index = argc == 2 ? atoi(argv[1]) : -1;
    if (index < 0 || index >= scenario_count)
        return 2;
    int seen = scenario_run(&scenarios[index]);
    printf("%d %d %d\n", seen, live_reports[LIVE_VALUE] > 0,
           live_reports[LIVE_OTHER]);
    return 0;
}
