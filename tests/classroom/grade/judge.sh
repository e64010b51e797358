#!/bin/sh
# judge.sh check NN . --json: stands in for `racelab check` in grade_test.sh.
# The folder that it is started in has a file `kind` that says how to behave;
# $JUDGED, if it is set, is a file in which it leaves a line. What it leaves
# behind sleeps for $SLEEPS seconds.
[ "$1 $3 $4" = 'check . --json' ] || exit 99
[ -z "${JUDGED:-}" ] || echo "$2" >>"$JUDGED"

criterion() { # ID EN ZH PASSED POINTS OF SAYS
    schedule=null command=null
    if [ "$1-$4" = outcome-false ]; then
        schedule='"racelab schedule 1\nsend A\n"'
        command='"racelab check 02 ./fix.c --replay ./f.sched"'
    fi
    printf '{"id": "%s", "title": {"en": "%s", "zh": "%s"}, "passed": %s,
        "points": %s, "points_max": %s, "says": %s, "schedule": %s,
        "command": %s}' "$1" "$2" "$3" "$4" "$5" "$6" "$7" "$schedule" \
        "$command"
}
verdict() { # EXERCISE PASSED POINTS CLASS CLASS_SAYS REFUSED SAYS
    printf '{"exercise": "%s", "file": "fix.c", "passed": %s, "points": %s,
        "points_max": 100, "class": %s, "class_says": %s,
        "thread_sanitizer": true, "refused": %s, "criteria": [' \
        "$1" "$2" "$3" "$4" "$5" "$6"
    criterion outcome 'Every job prints its own' '每个任务打印自己的数据' \
        "$2" "$(($3 - 40))" 60 "$7"
    echo ,
    criterion answers 'Answers' '问答' true 40 40 null
    echo ']}'
}

case $(cat kind 2>/dev/null) in
pass) verdict "$2" true 100 null null null null ;;
late_copy)
    verdict "$2" false 45 '"late_copy"' \
        '{"en": "it copies inside the job", "zh": "在任务里才复制"}' null \
        '{"en": "A <read> & \"B\u001b[31m\ndata", "zh": "A 读到了 B 的数据"}'
    exit 1
    ;;
refused)
    verdict "$2" false 40 null null \
        '{"why": "directive", "says": {"en": "line 3: #pragma", "zh": "第 3 行：#pragma"}}' \
        '{"en": "not judged", "zh": "未评判"}'
    exit 1
    ;;
unknown)
    verdict "$2" false 40 null null null '{"en": "wrong", "zh": "不对"}'
    exit 1
    ;;
slow)
    sleep 4
    verdict "$2" true 100 null null null null
    ;;
hang)
    setsid sleep "$SLEEPS" & # in a session of its own
    echo '{"exercise": "02-seed", "passed": true'
    sleep "$SLEEPS"
    ;;
left)
    setsid sleep "$SLEEPS" >/dev/null 2>&1 &
    verdict "$2" true 100 null null null null
    ;;
holds) # the pipes of one that has ended
    setsid sleep "$SLEEPS" &
    verdict "$2" true 100 null null null null
    ;;
looks) # is anything left of another?
    if pgrep -f "sleep $SLEEPS" >/dev/null; then exit 2; fi
    verdict "$2" true 100 null null null null
    ;;
crash) kill -SEGV $$ ;;
loud) yes '{"exercise": "02-seed", "passed": true, "points": 100}' ;;
complains) yes 'x' 2>/dev/null | head -c 9999999 >&2 && exit 2 ;;
empty) ;;
too_many) verdict "$2" true 140 null null null null ;;
another) verdict 99-other true 100 null null null null ;;
contradicts)
    verdict "$2" true 100 null null null null
    exit 1
    ;;
escapes)
    verdict "$2" false 45 '"\u001b[31mred"' null null null
    exit 1
    ;;
*)
    printf 'fix.c: \033[31mno such file\n/and/a/path\n' >&2
    exit 2
    ;;
esac
