#!/bin/sh
# Makes .venv what the lock files say; does nothing when it already is.
#
#   sh scripts/ci/venv.sh runtime    what the toolkit needs to run      (requirements.txt)
#   sh scripts/ci/venv.sh hosts      and to be one of several hosts that ask in a benchmark (requirements-hosts.txt)
#   sh scripts/ci/venv.sh dev        and what its tests and gates need  (requirements-dev.txt)
#
# Where bundle/wheels exists (an unpacked bundle, a host driven over SSH), packages come from there and no index is asked.
#
# A stamp is a copy of the file that was installed from, written last: a run that was cut short has no
# stamp, so the next one repairs what it left.
set -eu
LC_ALL=C.UTF-8
export LC_ALL PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore

venv=.venv
wheels=bundle/wheels
place=$(pwd -P)

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Runs a command quietly; one line tells its name and time, its output appears only when it fails.
step() {
    title=$1; shift
    began=$(date +%s)
    say "  ... $title"
    if output=$("$@" 2>&1); then
        say "  ok  $title ($(($(date +%s) - began)) s)"
    else
        printf '%s\n' "$output" | tail -n 25 >&2
        die "$title failed; the lines above say why. After mending it, type the same command again."
    fi
}

works() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-python3.11 /usr/bin/python3.11 python3.12 python3.13 python3}; do
        if works "$candidate"; then command -v "$candidate"; return; fi
    done
    die "Python 3.11 or newer is needed${PYTHON:+, and PYTHON=$PYTHON is not one}. Next: sudo apt-get install python3.11 python3.11-venv, or PYTHON=/path/to/python3.11 make ..."
}

make_venv() {
    python=$(find_python)
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ -d "$wheels" ]; then
        step "virtual environment (Python $version)" "$python" -m venv --clear --without-pip "$venv"
        pip=$(ls "$wheels"/pip-*.whl) # a wheel of pip runs as it is
        step "pip" "$venv/bin/python" "$pip/pip" install --quiet --no-index "$pip"
        return
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        die "Python $version has no venv module. Next: sudo apt-get install python$version-venv"
    step "virtual environment (Python $version)" "$python" -m venv --clear "$venv"
}

# An environment is tied to its folder (its programs name it in their first line) and to a Python that starts.
usable() {
    works "$venv/bin/python" && "$venv/bin/python" -c 'import pip' 2>/dev/null &&
        head -n 1 "$venv/bin/pip" 2>/dev/null | grep -qF "#!$place/$venv/bin/"
}

current() { cmp -s "$1" "$venv/$1.stamp"; }

stamp() {
    cp "$1" "$venv/$1.stamp.new"
    mv "$venv/$1.stamp.new" "$venv/$1.stamp"
}

install_packages() {
    if [ -d "$wheels" ]; then set -- "$1" --no-index --find-links "$wheels"; fi
    lock=$1; shift
    step "$(grep -c '==' "$lock") packages of $lock" "$venv/bin/python" -m pip install --quiet --require-hashes "$@" -r "$lock"
    set -- "$lock"
    stamp requirements.txt # every lock holds all of it; a test says so
    stamp "$1"
}

install_toolkit() {
    step "the toolkit itself" "$venv/bin/python" -m pip install --quiet --no-deps --no-index --no-build-isolation -e .
    stamp pyproject.toml
}

case ${1:-} in
    runtime) lock=requirements.txt ;;
    hosts) lock=requirements-hosts.txt ;;
    dev) lock=requirements-dev.txt ;;
    *) say "usage: sh scripts/ci/venv.sh runtime|hosts|dev"; exit 64 ;;
esac
case $place in
    *[[:space:]]*) die "this folder's path has a space in it ($place), which Ansible cannot run from. Next: move it to a path without spaces" ;;
esac
if usable && current "$lock" && current pyproject.toml; then exit 0; fi

# Two makes at once: the second waits, then finds the work done.
if command -v flock >/dev/null 2>&1 && [ -z "${DAY23_VENV_LOCKED:-}" ]; then
    DAY23_VENV_LOCKED=1 exec flock requirements.txt sh "$0" "$1"
fi
say "Preparing $venv (only when the lock files change; nothing outside this folder is touched)"
usable || make_venv
current "$lock" || install_packages "$lock"
current pyproject.toml || install_toolkit
