#!/bin/sh
# autograder_test.sh RACELAB ROOT - the folder for Gradescope, in a box that is
# laid out like one, by a judge that behaves as it is told (judge.sh).
# shellcheck disable=SC2317,SC2016 # check() calls these; the $ are not ours
racelab=$(realpath "$1") root=$(realpath "$2")
tests=$(realpath "$(dirname "$0")")
# shellcheck source=tests/tap.sh
. "$tests/../../tap.sh"
autograder=$root/lab/classroom/autograder
export AUTOGRADER="$here/autograder" SLEEPS=$((31557600 + $$))

# new_box SETTING...: with nothing handed in.
new_box() {
    rm -rf "$AUTOGRADER"
    mkdir -p "$AUTOGRADER/source" "$AUTOGRADER/submission" \
        "$AUTOGRADER/racelab/build"
    cp "$autograder/settings.sh" "$AUTOGRADER/source"
    printf '%s\n' "$@" >>"$AUTOGRADER/source/settings.sh"
    printf '#!/bin/sh\nexec "%s" "$@" --judge "%s"\n' "$racelab" \
        "$tests/judge.sh" >"$AUTOGRADER/racelab/build/racelab"
    chmod +x "$AUTOGRADER/racelab/build/racelab"
}
hands_in() { # KIND FOLDER
    mkdir -p "$AUTOGRADER/submission/$2"
    echo "$1" >"$AUTOGRADER/submission/$2/kind"
}
grades() { status_of "$1" "$autograder/run_autograder"; }
results=$AUTOGRADER/results/results.json
result() { python3 -c "
import json, sys
r = json.load(open(sys.argv[1]))
t = {x['name']: x for x in r['tests']}
sys.exit(not ($1))" "$results"; }

plan 11
new_box
hands_in pass course/01-predict
hands_in late_copy course/02-seed
check 'a course that was handed in is graded' grades 0
check '... in the documented shape' python3 "$tests/gradescope_shape.py" "$results"
check '... with the points of each' result "
t['01-predict: Answers']['score'] == 40 and
t['02-seed: Every job prints its own']['score'] == 5 and
t['03-middleware']['output'] == 'not handed in'"

new_box 'exercise=02' 'language=zh'
hands_in late_copy .
flat() {
    grades 0 && result "
list(t) == ['02-seed: 每个任务打印自己的数据', '02-seed: 问答'] and
t['02-seed: 每个任务打印自己的数据']['output'].startswith('A 读到了 B 的数据')"
}
check 'the files of one exercise, with what is said in Chinese' flat

new_box 'seconds=3'
hands_in pass 01-predict
hands_in hang 02-seed
check 'the judge is stopped before the box is' grades 0
check '... and says so to the teacher' said out '^run_autograder: stopped after 3 s'
check '... what is judged has its points, what is not is named' result "
t['01-predict: Answers']['score'] == 40 and
t['02-seed']['output'] == 'not judged yet' and 'Not complete' in r['output']"
none_is_left() { ! pgrep -f "sleep $SLEEPS" >&2; }
check '... nothing is left running' none_is_left

new_box
mkdir "$AUTOGRADER/results"
echo '{"tests": []}' >"$results"
printf '#!/bin/sh\nexit 2\n' >"$AUTOGRADER/racelab/build/racelab"
fails() { grades 1 && ! [ -e "$results" ]; }
check 'an autograder that fails has no result: it is not the student' fails

new_box
hands_in pass 01-predict
ln -s /etc "$AUTOGRADER/submission/02-seed"
links() {
    grades 0 &&
        result "'symbolic links are not opened' in t['02-seed']['output']"
}
check 'no link of a student is followed' links

packed() {
    status_of 0 "$autograder/pack.sh" "$here/autograder.zip" &&
        python3 -m zipfile -l "$here/autograder.zip" | awk '{ print $1 }' \
            >"$here/out" && said out '^setup.sh$' &&
        said out '^run_autograder$' && said out '^settings.sh$' &&
        said out '^racelab.tar$'
}
if git -C "$root" rev-parse HEAD >"$here/out" 2>&1; then
    check 'pack.sh packs what is uploaded' packed
else
    skip 'not in a git tree' 'pack.sh packs what is uploaded'
fi
finish
