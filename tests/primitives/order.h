// order.h - who comes when, in a way that ThreadSanitizer does not see.
//
// A scenario is a number of moments, one after the other: moment(2) is where
// the second begins, over() is where the one that is under way ends. Live
// (order_live.c) moment() waits for its turn; under control
// (order_controlled.c) both are points, and the schedule gives the turns.
#ifndef ORDER_H
#define ORDER_H

void moment(int number); // from 1 to 9
void over(void);

#endif
