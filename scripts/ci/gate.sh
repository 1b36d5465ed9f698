#!/bin/sh
# Runs one gate: `sh scripts/ci/gate.sh NAME COMMAND...`
# One line with its name and time; the command's output follows only when it fails.
set -u
name=$1
shift
began=$(date +%s)
output=$("$@" 2>&1)
code=$?
spent=$(($(date +%s) - began))
if [ "$code" -eq 0 ]; then
    printf '  ok    %4d s  %s\n' "$spent" "$name"
else
    printf '  FAIL  %4d s  %s: %s\n%s\n' "$spent" "$name" "$*" "$output"
fi
exit "$code"
