#!/bin/sh
# editor_test.sh ROOT RACELAB KIND: the editor's tasks do what they are called,
# in a folder in which nobody has worked yet.
# shellcheck disable=SC2317 # check() calls these
root=$1 racelab=$(realpath "$2") kind=$3
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
exercise=06-shallow-copy

# The task of that name as a command, where fix.c or the schedule is open.
words_of() {
    python3 - "$root/.vscode/tasks.json" "$1" "$exercise" <<'PY'
import json, shlex, sys

path, label, exercise = sys.argv[1:]
file = 'course/' + exercise + '/witness.sched'
known = {'${fileDirnameBasename}': exercise, '${relativeFile}': file,
         '${relativeFileDirname}': 'course/' + exercise}
for task in json.load(open(path, encoding='utf-8'))['tasks']:
    if task['label'] == 'racelab: ' + label:
        assert task['command'] == 'build/racelab', task['command']
        print(shlex.join(known.get(word, word) for word in task['args']))
PY
}

# task STATUS LABEL
task() {
    words=$(words_of "$2") && [ -n "$words" ] || return
    eval "set -- \"$1\" $words"
    wanted=$1
    shift
    (cd "$here" && status_of "$wanted" "$racelab" "$@")
}

# judged STATUS LABEL PATTERN SENTENCE: where there is a judge.
judged() {
    if [ "$kind" = plain ]; then
        check "$4" task "$1" "$2"
        check '... and shows it' said out "$3"
    else
        skip 'the judge is in builds without a sanitizer' "$4"
        skip 'likewise' '... and shows it'
    fi
}

is_json() { status_of 0 python3 -m json.tool "$root/$1"; }

plan 12
check "the editor's tasks are JSON" is_json .vscode/tasks.json
check 'so is what describes the container' is_json .devcontainer/devcontainer.json
check 'a task lists exercises and progress' task 0 'exercises and progress'
check '... with this one among them' said out "$exercise"
check 'a task gives a hint' task 0 'next hint'
check '... one of three' said out 'Hint 1 of 3'
(cd "$here" && "$racelab" learn show $exercise >/dev/null 2>&1)
cp "$root/lab/exercises/$exercise/solution/witness.sched" \
    "$here/course/$exercise/"
judged 1 'check the exercise of this file' 'FAILS.*outcome' \
    'a task judges the file that is open'
judged 1 'replay this schedule on this exercise' '数据不存在' \
    'a task replays the schedule that is open'
check 'what a task begins at each save there is' \
    status_of 0 "$racelab" learn --help
check '... by that name' said out 'watch NN'
finish
