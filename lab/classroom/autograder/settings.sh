# shellcheck shell=sh disable=SC2034 # run_autograder reads it
# settings.sh - what a teacher may set; read by run_autograder.

exercise=   # the only one of this assignment, as 02; empty: the whole course
language=en # of what the student reads: en, zh or both
seconds=570 # to stop after; a little less than the assignment's own time-out
