#!/bin/sh
# bad_test.sh BAD_LAB quick|slow BUILD - programs that go wrong (bad.c): what is wrong
# is named, with task, call, and who waits for whom, within seconds.
# shellcheck disable=SC2317
lab=$1 which=$2 build=$3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# named STATUS PROGRAM TEXT [LINE...]: replayed under a schedule of LINEs, does
# PROGRAM end with STATUS, and with TEXT on standard error, in time?
named() {
    named_status=$1 named_program=$2 named_text=$3
    shift 3
    {
        echo 'racelab schedule 1'
        echo "program $named_program"
        for named_line; do echo "$named_line"; done
    } >"$here/sched"
    status_of "$named_status" timeout -k 1 "$seconds" \
        "$lab" replay "$here/sched" &&
        { [ -z "$named_text" ] || grep -q -F -e "$named_text" "$here/err"; } &&
        ! grep -q ThreadSanitizer "$here/err"
}

# at FUNCTION CALL: where in bad.c FUNCTION makes CALL.
bad=$(dirname "$0")/bad.c
at() { echo "tests/primitives/bad.c:$(line_of "$bad" "$1" "$2")"; }

if [ "$which" = slow ]; then
    seconds=40
    plan 1
    check 'a task that is stuck in a call of the system is named' \
        named 1 stuck 'task thread.1 is stuck in a call since step 4 (begin)'
    finish
fi

# A task that spins is given three seconds of processor time.
seconds=20
plan 66
joining="loop waits in uv_thread_join ($(at run_threads 'join(&threads[0]')) for thread.1 to end"
locked_twice="deadlock: loop waits in uv_mutex_lock ($(at self_lock '(&first); //')) for first#1.lock, held by loop since $(at self_lock '(&first);')"
check 'two locks in two orders: who holds what, and who waits for what' \
    named 1 lock_order "deadlock: $joining; thread.1 waits in uv_mutex_lock ($(at first_then_second 'lock(&second')) for second#1.lock, held by thread.2 since $(at second_then_first 'lock(&second'); thread.2 waits in uv_mutex_lock ($(at second_then_first 'lock(&first')) for first#1.lock, held by thread.1 since $(at first_then_second 'lock(&first')" \
    'run loop until threads.started' \
    'run thread.1 until one.held' 'run thread.2 until one.held'
# ThreadSanitizer knows that it could have ended otherwise.
another_schedule() {
    status=0
    [ "$build" != thread ] || status=1
    named "$status" lock_order '' 'run loop until threads.started' \
        'run thread.1 to end' 'run thread.2 to end' &&
        { [ "$build" != thread ] ||
            said out 'lock-order-inversion on .*first.lock'; }
}
check 'the same program under another schedule ends' another_schedule
check 'a schedule that runs a task that waits names line and holder' \
    named 3 lock_order "sched:6:5: thread.2 cannot run to its end: it waits in uv_mutex_lock ($(at second_then_first 'lock(&first')) for first#1.lock, held by thread.1 since $(at first_then_second 'lock(&first')" \
    'run loop until threads.started' \
    'run thread.1 until one.held' '' 'run thread.2 to end'
check 'a mutex locked twice by one task' \
    named 1 self_lock "$locked_twice"
check 'a read lock that wants to become a write lock' \
    named 1 upgrade "deadlock: loop waits in uv_rwlock_wrlock ($(at upgrade wrlock)) for both#1.lock, held by loop since $(at upgrade rdlock)"
check 'a signal that comes before the wait is lost' \
    named 1 lost_wakeup "thread.1 waits in uv_cond_wait ($(at wait_for_news cond_wait)) for news#1.cond" \
    'run loop until threads.started' 'run thread.2 to end'
check 'a signal that comes after it is not' \
    named 0 lost_wakeup ''
check 'a semaphore that nobody posts' \
    named 1 never_posted "deadlock: loop waits in uv_sem_wait ($(at never_posted sem_wait)) for news#1.semaphore"
check 'a join of a thread that waits for ever' \
    named 1 join_forever "deadlock: $joining; thread.1 waits in uv_sem_wait ($(at wait_for_post sem_wait)) for news#1.semaphore"
check 'a barrier that nobody else comes to' \
    named 1 barrier_alone "deadlock: loop waits in uv_barrier_wait ($(at barrier_alone barrier_wait)) for all#1.barrier"
check 'a uv_once from within itself' \
    named 1 once_again "deadlock: loop waits in uv_once ($(at once_again uv_once)) for once#7, held by loop since $(at once_again uv_once)"
check 'a loop that nobody wakes' \
    named 1 idle_loop "deadlock: loop waits in its loop ($(at idle_loop uv_run)), and nothing is ready"

check 'a loop waits where it was run, whatever its callbacks called' \
    named 1 idle_after_callback "deadlock: loop waits in its loop ($(at idle_loop uv_run)), and nothing is ready"
check 'a thread that has ended and that nobody joins is left over' \
    named 1 leaves_ended "thread.1 was left over: created at $(at leaves_ended thread_create), never joined"
check 'a thread that waits when the program is over is left over' \
    named 1 leaves_waiting "thread.1 was left over: created at $(at leaves_waiting thread_create), it still waits in uv_sem_wait ($(at wait_for_post sem_wait)) for news#1.semaphore"
check '... and is so on the other backend' \
    status_of 1 "$lab" replay "$here/sched" --backend fiber
check '... with the same words' \
    said err "thread.1 was left over: .* it still waits in uv_sem_wait (.*bad.c:.*) for news#1.semaphore$"
check 'each that is left over is named' \
    named 1 leaves_two "thread.1 was left over: created at $(at leaves_two 'threads[0]'), never joined; thread.2 was left over: created at $(at leaves_two 'threads[1]'), it still waits in uv_sem_wait"
check 'a work that never ends is left over' \
    named 1 leaves_work "worker.1 was left over: it still waits in uv_barrier_wait ($(at meet barrier_wait)) for all#1.barrier" \
    'run loop until work.queued' 'run worker.1 until uv_barrier_wait' \
    'run worker.1 until uv_barrier_wait'
check 'what one thread starts and another joins is not' \
    named 0 joined_by_another ''

check 'an unlock by a task that does not hold the mutex' \
    named 1 foreign_unlock "task thread.1, after step 6 (uv_mutex_unlock): uv_mutex_unlock by a task that does not hold the lock ($(at unlock_only mutex_unlock))"
check 'a read unlock by a task that does not read' \
    named 1 read_unlock_unheld 'task loop, after step 2 (uv_rwlock_rdunlock): uv_rwlock_rdunlock by a task that does not hold the lock'
check 'a write unlock by a reader' \
    named 1 write_unlock_of_reader 'task loop, after step 3 (uv_rwlock_wrunlock): uv_rwlock_wrunlock by a task that does not hold the lock'
check 'a wait without the mutex' \
    named 1 cond_without_mutex 'uv_cond_wait with a mutex that the task does not hold'
check 'a second join' \
    named 1 join_twice 'uv_thread_join of a thread that does not exist or has been joined'
check 'a thread that two tasks join' \
    named 1 join_by_two '(uv_thread_join): uv_thread_join of thread.1, which another task has joined meanwhile'
check 'a signal handle that is started while it is being closed' \
    named 1 signal_while_it_closes 'uv_signal_start of a handle that is being closed'
check 'a loop that is deleted while it has work to do' \
    named 1 delete_busy_loop 'a loop that has work to do is taken away'
check 'a semaphore that nobody made' \
    named 1 semaphore_unmade 'a semaphore that was not made in this execution'

check 'a task that spins is named' \
    named 1 spin 'task thread.1 spins since step 4 (begin): it comes to no point and to no call that the harness controls'
check 'a task that comes to points for ever is named' \
    named 1 points_forever 'over 20000 steps, and no end: the last was circle.turned of loop'
check 'a program that starts threads for ever is named' \
    named 1 threads_forever 'task loop, after step 128 (uv_thread_create): more than 128 tasks'
check 'a program that starts timers for ever is named' \
    named 1 timers_forever 'task loop, after step 1 (begin): more than 64 timers at once'

for call in uv_getaddrinfo uv_fs_open pthread_mutex_lock pthread_create \
    sem_wait usleep nanosleep clock_gettime pthread_once thrd_create mtx_lock \
    cnd_wait pause poll select; do
    check "a call that is not controlled is named: $call" \
        named 2 "call_${call#uv_}" "task loop, after step 1 (begin): $call ($(at "call_${call#uv_}" " $call(")) is not under the harness's control"
done
check 'it is named in the thread that calls it' \
    named 2 call_usleep_in_thread "task thread.1, after step 4 (begin): usleep ($(at call_usleep ' usleep(')) is not under the harness's control"

if nm "$lab" | grep -q ' [A-Z] __asan_init$'; then
    skip 'AddressSanitizer tells it itself' 'a task that writes to nowhere'
    skip 'AddressSanitizer tells it itself' 'a task that aborts'
    skip 'AddressSanitizer tells it itself' 'a task whose stack is full'
else
    check 'a task whose stack is full is named' \
        named 1 overflows 'task thread.1, after step 4 (begin): crashed: Segmentation fault'
    check 'a task that writes to nowhere is named' \
        named 1 segv 'task thread.1, after step 4 (begin): crashed: Segmentation fault'
    check 'a task that aborts is named' \
        named 1 aborts 'task thread.1, after step 4 (begin): crashed: Aborted'
fi
check 'a task that spins and prints is named' \
    named 1 prints_forever 'task thread.1 spins since step 4 (begin)'
check '... and does not go on printing over what is said of it' \
    [ "$(grep -c '^race$' "$here/out") $(sed '1,/^race$/d' "$here/out" | grep -c still)" = '1 0' ]
check 'a program that exits in the middle of it all' \
    named 1 exits 'the program called exit() in the middle of an execution'
check 'a program that fails' \
    named 1 fails 'program fails failed: its run() returned 7'

check 'a port whose backlog is full' \
    named 1 listen_only "cannot be sent: the backlog of the program's port is full" \
    'request A GET /' 'request B GET /' 'request C GET /' 'request D GET /' \
    'run loop until port.open' 'send A' 'send B' 'send C' 'send D'
for server in answers_one shuts_down_the_other; do
    one_of_two() {
        named 1 "$server" '' 'request A GET /' 'request B GET /' \
            'send A' 'run loop until poll' 'send B' &&
            said out '^  step [0-9]*: B is sent, and nobody ever answers$' &&
            said out '^  B *no answer$' && said out '^  A *200 OK$' &&
            [ "$(grep -c 'nobody ever answers' "$here/out")" -eq 1 ]
    }
    check "a request that is never answered, by $server" one_of_two
done

# Two workers must be there.
export UV_THREADPOOL_SIZE=1
check 'the environment does not size the pool' named 0 two_works_that_meet ''
unset UV_THREADPOOL_SIZE

json_verdict() {
    printf 'racelab schedule 1\nprogram self_lock\n' >"$here/sched"
    status_of 1 timeout 20 "$lab" replay --json "$here/sched" &&
        said out '"verdict": "deadlock"' &&
        said out "\"message\": \"$locked_twice"
}
last_counts() {
    printf 'racelab schedule 1\nprogram says_twice\nexpect loop at last\n' \
        >"$here/twice.sched"
    status_of 0 "$lab" replay "$here/twice.sched"
}
check 'of two messages the first closes the other, which is not taken' \
    named 0 closes_the_other '' 'expect loop one taken'
check 'of two outcomes of a task the last is expected' last_counts
last_shown() {
    status_of 0 "$lab" table "$here" says_twice && said out '^twice  *at last'
}
check '... and shown in the table' last_shown
check 'verdict and message are in the JSON too' json_verdict

# without_place ADDR2LINE: with that program for addr2line, or none.
without_place() {
    mkdir -p "$here/bin"
    [ -z "$1" ] || { printf '#!/bin/sh\n%s\n' "$1" >"$here/bin/addr2line" &&
        chmod +x "$here/bin/addr2line"; } || return
    begun=$(date +%s)
    status_of 1 env PATH="$here/bin" "$lab" replay "$here/sched" &&
        said err ': deadlock: loop waits in uv_mutex_lock for first#1.lock, held by loop$' &&
        [ $(($(date +%s) - begun)) -lt 55 ]
}
if [ "$build" = thread ] || nm "$lab" | grep -q ' [A-Z] __asan_init$'; then
    skip 'the runtime knows it' 'without addr2line there is no place'
    skip 'the runtime knows it' 'nor with one that hangs'
else
    check 'without addr2line there is no place' without_place ''
    check 'nor with one that hangs' without_place 'exec /bin/sleep 60'
fi
finish
