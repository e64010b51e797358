// order_controlled.c - order by the schedule: "run thread.1 until moment.3".
#include "order.h"

#include <racelab/point.h>

void moment(int number) {
    static const char *const names[] = {
        "moment.0", "moment.1", "moment.2", "moment.3", "moment.4",
        "moment.5", "moment.6", "moment.7", "moment.8", "moment.9"};
    POINT(names[number]);
}

void over(void) {
    POINT("moment.over");
}
