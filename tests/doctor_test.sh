#!/bin/sh
# doctor_test.sh RACELAB REFUSE - `racelab doctor` on this machine, whatever it
# is, and where personality() is refused (REFUSE COMMAND runs it so).
racelab=$1 refuse=$2
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"

# in_json EXPRESSION: of the last output, as Python sees it.
# shellcheck disable=SC2317 # check() calls it
in_json() {
    python3 -c '
import json, sys
said = json.load(open(sys.argv[1]))
status = {check["name"]: check["status"] for check in said["checks"]}
sys.exit(0 if eval("(" + sys.argv[2] + ")") else 1)' "$here/out" "$1"
}

plan 13
"$racelab" doctor >"$here/out" 2>"$here/err" </dev/null
status=$?
check 'status 1 if, and only if, a line says FAIL' \
    test "$status" -eq "$(grep -c -m 1 '^FAIL' "$here/out")"
check 'nothing is on standard error' silent err
for line in compiler build libuv symbolizer processors start; do
    check "it has a line about: $line" \
        said out "^\(ok\|warn\|FAIL\)  *$line  "
done

check 'the same status with --json' \
    status_of "$status" "$racelab" doctor --json
check '--json is one document that says the same' \
    in_json "said['exit'] == $status and len(status) == 7
             and ('fail' in status.values()) == ($status == 1)"
check 'an unknown option is a usage error' \
    status_of 2 "$racelab" doctor --nonsense
check '--help is not' status_of 0 "$racelab" doctor --help

# With few enough bits the sanitizer starts even so; with more the launcher, in
# a build with the sanitizer, or the doctor, in a plain one, names the remedy.
"$refuse" "$racelab" doctor >"$here/out" 2>&1 </dev/null
if [ $? -eq 77 ]; then
    skip 'no seccomp' 'where personality() is refused, it says so'
elif said out 'personality() is refused\|not permitted'; then
    check 'where personality() is refused, it says so and what helps' \
        said out 'sysctl -w vm.mmap_rnd_bits=28'
else
    check 'where personality() is refused, fewer random bits are enough' \
        said out '^ok  *start .*can start'
fi
finish
