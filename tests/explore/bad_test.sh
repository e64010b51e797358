#!/bin/sh
# bad_test.sh BAD_LAB quick|slow - programs that go wrong (primitives/bad.c),
# explored: what is wrong is found and named, with a schedule that shows it,
# and nothing hangs.
# shellcheck disable=SC2317,SC2016 # check() calls these; the $ are not ours
lab=$1 which=$2
tests=$(dirname "$0")/..
# shellcheck source=tests/tap.sh
. "$tests/tap.sh"
at() { echo "tests/primitives/bad.c:$(line_of "$tests/primitives/bad.c" "$1" "$2")"; }

explored() {
    explored_status=$1
    shift
    status_of "$explored_status" timeout -k 1 40 "$lab" explore "$@" &&
        ! grep -q ThreadSanitizer "$here/err"
}
# found PROGRAM VERDICT MESSAGE [OPTION...]: is it found, with that message,
# and does its witness lead to it?
found() {
    found_program=$1 found_verdict=$2 found_message=$3
    shift 3
    rm -rf "$here/found"
    explored 1 "$found_program" "$@" --save "$here/found" --json &&
        silent err || return
    python3 - "$here/out" "$found_verdict" "$found_message" >"$here/number" \
        <<'END' || return
import json, sys
outcomes = json.load(open(sys.argv[1]))["outcomes"]
wanted = sys.argv[2:]
numbers = [n for n, o in enumerate(outcomes, 1)
           if [o["verdict"], o["message"]] == wanted and o["executions"] > 0]
print(*numbers)
sys.exit(len(numbers) != 1)
END
    status_of 1 timeout -k 1 40 "$lab" replay \
        "$here/found/$found_program-$(cat "$here/number").sched" &&
        grep -q -F -e ": $found_message" "$here/err"
}
# refused PROGRAM MESSAGE [OPTION...]: it cannot be explored; one line says why.
refused() {
    refused_message="racelab explore: $1: $2"
    refused_program=$1
    shift 2
    explored 2 "$refused_program" "$@" && silent out &&
        [ "$(cat "$here/err")" = "$refused_message" ]
}
json() { python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not ($1))" "$here/out"; }

# What an execution that was given up held is lost, and that is no news.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
asan=
! nm "$lab" | grep -q ' [A-Z] __asan_init$' || asan=1

if [ "$which" = slow ]; then
    plan 1
    if [ "$asan" ]; then
        skip 'AddressSanitizer tells it itself' 'exploring goes on'
        finish
    fi
    long() {
        explored 1 crashes_at_first --json && json "d['seconds'] > 6 and \
d['complete'] and d['executions'] == 120 and \
sorted([o['verdict'], o['executions']] for o in d['outcomes']) == \
[['crash', 1], ['finished', 119]]"
    }
    check 'exploring goes on for long after a crash' long
    finish
fi

plan 64
joining="loop waits in uv_thread_join ($(at run_threads 'join(&threads[0]')) for thread.1 to end"
check 'two locks in two orders: both locks, holders, waiters and places' \
    found lock_order deadlock "deadlock: $joining; thread.1 waits in uv_mutex_lock ($(at first_then_second 'lock(&second')) for second#1.lock, held by thread.2 since $(at second_then_first 'lock(&second'); thread.2 waits in uv_mutex_lock ($(at second_then_first 'lock(&first')) for first#1.lock, held by thread.1 since $(at first_then_second 'lock(&first')"
whole() {
    explored 1 lock_order --json && json "d['complete'] and \
sorted(o['verdict'] for o in d['outcomes']) == ['deadlock', 'finished']"
}
check '... and nothing else, which is a proof' whole
for how in '--strategy dpor' '--strategy all' '--strategy random --runs-max 300'; do
    # shellcheck disable=SC2086 # two words
    check "a flag that is looked at without the lock: a wake-up is lost, $how" \
        found check_outside deadlock "deadlock: $joining; thread.1 waits in uv_cond_wait ($(at check_and_wait cond_wait)) for news#1.cond" $how
done
whole_wake_up() {
    explored 1 check_outside --json && json "d['complete'] and \
sorted(o['verdict'] for o in d['outcomes']) == ['deadlock', 'finished']"
}
check '... and that is a proof' whole_wake_up
check 'a mutex locked twice by one task' \
    found self_lock deadlock "deadlock: loop waits in uv_mutex_lock ($(at self_lock '(&first); //')) for first#1.lock, held by loop since $(at self_lock '(&first);')"
check 'a read lock that wants to become a write lock' \
    found upgrade deadlock "deadlock: loop waits in uv_rwlock_wrlock ($(at upgrade wrlock)) for both#1.lock, held by loop since $(at upgrade rdlock)"
check 'a semaphore that nobody posts' \
    found join_forever deadlock "deadlock: $joining; thread.1 waits in uv_sem_wait ($(at wait_for_post sem_wait)) for news#1.semaphore"
check 'a barrier that nobody else comes to' \
    found barrier_alone deadlock "deadlock: loop waits in uv_barrier_wait ($(at barrier_alone barrier_wait)) for all#1.barrier"
check 'a loop that nobody wakes' \
    found idle_loop deadlock "deadlock: loop waits in its loop ($(at idle_loop uv_run)), and nothing is ready"

last_fired() {
    explored 0 two_works_that_meet --json && json "d['complete'] and \
[o['reproduced'] for o in d['outcomes']] == [20]"
}
check 'a program whose last step is an event: its witness holds' last_fired

# right PROGRAM LINE: all that there is, and its witness holds.
right() {
    explored 0 "$1" --json && json "d['complete'] and \
[[o['outcome'], o['reproduced']] for o in d['outcomes']] == \
[[{'loop': '$2'}, 20]]"
}
check 'a loop that had work is closed, and the program goes on' \
    right closes_its_loop 'ran on'
check 'a server that waits for its clients to leave' \
    right waits_for_clients 'two answered'
check 'a server that shuts its connections down, again and again' \
    right shuts_down_answers 'two answered'
unanswered() {
    explored 1 "$@" --json && json "d['complete'] and \
[[o['outcome'], o['reproduced']] for o in d['outcomes']] == \
[[{'loop': 'one answered'}, 20]] and \
all(o['found']['unanswered'] == o['executions'] for o in d['outcomes'])"
}
answered() {
    right "$1" 'two answered' &&
        json "all(o['found']['unanswered'] == 0 for o in d['outcomes'])"
}
check 'a server that answers all of its clients: nobody is unanswered' \
    answered waits_for_clients
check '... nor where it shuts them down' answered shuts_down_answers
check 'a server that answers one of two: one is unanswered in each execution' \
    unanswered answers_one
check '... as well if it shuts the other down' unanswered shuts_down_the_other
closed_port() {
    explored 1 closes_its_port --json && json "d['complete'] and \
{(o['verdict'], o['message'].split(' ', 2)[2]) for o in d['outcomes']} == \
{('crash', \"cannot be sent: the program's port takes no connection\")}"
}
check 'a server that closes its port: the second request cannot be sent' \
    closed_port
# often STATUS PROGRAM [OPTION...]: with few descriptors, one outcome again and
# again.
often() {
    # shellcheck disable=SC3045 # dash and bash both have it
    (ulimit -n 64 &&
        explored "$@" --strategy random --runs-max 300 --json) &&
        json "[o['executions'] for o in d['outcomes']] == [300]"
}
check '... and no descriptor is left behind' often 1 closes_its_port
for server in 'reads_in_pieces:reads them a byte at a time' \
    'reads_late:reads the first when the second has come' \
    'pauses:stops in the middle of the first, and goes on then' \
    'asks_at_once:asks for the descriptors of its connections' \
    'asks_half_read:asks for them in the middle of a request' \
    'answers_by_itself:reads and writes past libuv' \
    'resets_answered:resets what it has answered'; do
    check "a server that ${server#*:}" answered "${server%:*}"
    check '... again and again' often 0 "${server%:*}"
done
check 'a server that leaves the first, and has read nothing' \
    unanswered hangs_up_unread
check '... again and again' often 1 hangs_up_unread
check 'a server that leaves the one that asks for /a, and has not read on' \
    unanswered hangs_up_on_a --requests /a,/b
check '... again and again' often 1 hangs_up_on_a --requests /a,/b
for server in 'waits_for_ever:open' 'leaves_one_and_waits:closed and open'; do
    check "a server that waits for a post, its connections are ${server#*:}" \
        found "${server%:*}" deadlock "deadlock: loop waits in uv_sem_wait ($(at wait_for_ever sem_wait)) for news#1.semaphore"
    check '... and that is all, again and again' often 1 "${server%:*}"
done
check 'a server whose answers nobody takes in: it closes with them' \
    right answers_at_length 'none answered'
check '... again and again' often 0 answers_at_length

check 'a thread that nobody joins' \
    found leaves_ended 'left over' "thread.1 was left over: created at $(at leaves_ended thread_create), never joined"
check 'a thread that waits when the program is over' \
    found leaves_waiting 'left over' "thread.1 was left over: created at $(at leaves_waiting thread_create), it still waits in uv_sem_wait ($(at wait_for_post sem_wait)) for news#1.semaphore"
check '... and the text says it too' explored 1 leaves_waiting
check '... under its outcome' said out '^   thread.1 was left over: created at'

check 'an unlock by a task that does not hold the mutex' \
    found foreign_unlock misuse "task thread.1, after step 6 (uv_mutex_unlock): uv_mutex_unlock by a task that does not hold the lock ($(at unlock_only mutex_unlock))"
check 'a program that fails' \
    found fails crash 'program fails failed: its run() returned 7'
check 'a task that comes to points for ever' \
    found points_forever 'step limit' 'over 20000 steps, and no end: the last was circle.turned of loop'

if [ "$asan" ]; then
    skip 'AddressSanitizer tells it itself' 'a crash before any thread'
    skip 'AddressSanitizer tells it itself' '... is one execution of one'
    skip 'AddressSanitizer tells it itself' 'a crash in one order of two'
    skip 'AddressSanitizer tells it itself' '... does not end the exploring'
    skip 'AddressSanitizer tells it itself' '... nor does it by chance'
else
    check 'a crash before any thread' \
        found crashes_at_once crash 'task loop, after step 1 (begin): crashed: Segmentation fault'
    one() { explored 1 crashes_at_once --json &&
        json "d['complete'] and d['executions'] == 1"; }
    check '... is one execution of one' one
    check 'a crash in one order of two' \
        found crashes_in_one_order crash 'task thread.2, after step 9 (pointer.use): crashed: Segmentation fault'
    other() {
        explored 1 crashes_in_one_order --json && json "d['complete'] and \
[[o['verdict'], o['executions'], o['reproduced']] for o in d['outcomes']] == \
[['crash', 1, -1], ['finished', 1, 20]]"
    }
    check '... does not end the exploring' other
    chance() {
        explored 1 crashes_in_one_order --strategy random --runs-max 50 \
            --json && json "d['executions'] == 50 and \
min(o['executions'] for o in d['outcomes']) > 5"
    }
    check '... nor does it by chance' chance
fi

uncontrolled() {
    refused "$1" "task $4, after step $5 (begin): $2 ($(at "$3" " $2(")) is not under the harness's control, so it cannot be replayed; docs/harness lists what is"
}
check 'a call of the system that is not controlled' \
    uncontrolled call_poll poll call_poll loop 1
check "a call of libuv's that is not controlled" \
    uncontrolled call_fs_open uv_fs_open call_fs_open loop 1
check 'such a call in a thread' \
    uncontrolled call_usleep_in_thread usleep call_usleep thread.1 4
check 'a task that spins' \
    refused spin 'task thread.1 spins since step 4 (begin): it comes to no point and to no call that the harness controls'
check 'a program that exits in the middle of it all' \
    explored 1 exits
check '... says so' \
    said err '^racelab: the program called exit() in the middle of an execution$'
check 'a program that is not the same twice: the first step that differs' \
    refused changes_its_lock "the program is not deterministic: step 7 cannot be done again as it was; thread.2 now stands at uv_mutex_lock ($(at lock_another mutex_lock))"
finish
