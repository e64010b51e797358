#!/bin/sh
# interrupt_test.sh RACELAB BAD: what Ctrl-C does to an exploration, and what is
# said of its progress. BAD is the racelab of programs that go wrong.
# shellcheck disable=SC2317,SC2016 # check() calls these; the $ are not ours
racelab=$1 bad=$2
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# with_signals PYTHON COMMAND...: starts COMMAND as `it`, its output in
# $here/out and $here/err, and then does PYTHON.
with_signals() {
    python3 - "$here" "$@" <<'PYTHON'
import os, signal, subprocess, sys, time

here, then, command = sys.argv[1], sys.argv[2], sys.argv[3:]
# A shell's background ignores it, and so would whoever is started there.
signal.signal(signal.SIGINT, signal.default_int_handler)

def read(name):
    return open(f'{here}/{name}').read()

def until(condition):
    for _ in range(6000):
        if condition():
            return
        if it.poll() is not None:
            sys.exit(f'it has ended: {it.returncode}')
        time.sleep(0.01)
    sys.exit('waited for nothing')

def catches():
    for line in open(f'/proc/{it.pid}/status'):
        if line.startswith('SigCgt:'):
            return bool(int(line.split()[1], 16) >> signal.SIGINT - 1 & 1)

# What comes before the first execution takes much less.
def works_for_a_second():
    times = open(f'/proc/{it.pid}/stat').read().rsplit(')', 1)[1].split()[11:13]
    return sum(map(int, times)) >= os.sysconf('SC_CLK_TCK')

with open(f'{here}/out', 'w') as out, open(f'{here}/err', 'w') as err:
    it = subprocess.Popen(command, stdout=out, stderr=err,
                          stdin=subprocess.DEVNULL)
exec(then)
PYTHON
}

# Of three requests there are more interleavings than anybody has time for.
interrupted() {
    with_signals '
until(lambda: read("err").count("\n") >= 2)
it.send_signal(signal.SIGINT)
sys.exit(it.wait(60) != 130)' \
        "$racelab" explore raw --requests /test,/test,/test --strategy all \
        --progress "$@"
}
json() { python3 -c "
import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(not ($1))" "$here/out"; }
killed() {
    with_signals '
until(works_for_a_second)
it.send_signal(signal.SIGINT)
until(lambda: not catches())
it.send_signal(signal.SIGINT)
sys.exit(it.wait(60) != -signal.SIGINT)' "$bad" explore spin
}

plan 8
check 'Ctrl-C ends it, with a status of its own' interrupted
check '... what is known by then is printed' said out '^1\. A\.job '
check '... with witnesses that hold' said out 'reproduced 20/20'
check '... and is not called complete' \
    said out '^NOT complete: there may be more, [0-9]* executions, interrupted$'
check '... how far it was is said once a second' said err \
    '^[0-9]* executions, [0-9]* a second, [0-9]* outcomes*, less than 1 % done$'
check 'so it is in one JSON document' interrupted --json
check '... that says it too' json "not d['complete'] and d['exit'] == 130 and \
d['gap'] is None and d['executions'] == sum(o['executions'] \
for o in d['outcomes'])"
check 'Ctrl-C again is the end, wherever it is' killed
finish
