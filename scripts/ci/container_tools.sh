#!/bin/sh
# Brings what the container tests start a Docker daemon of their own with, dockerd and mmdebstrap, strace, which
# injects the crashes, and sshd, which the tests of remote hosts start one of their own.
#
#   sh scripts/ci/container_tools.sh
#
# Where they are missing, root on Debian or Ubuntu gets the distribution's packages. Anybody else is told what is
# missing, and those tests are skipped. Always succeeds, says in one line which it was, and starts nothing.
set -u
LC_ALL=C.UTF-8
export LC_ALL DEBIAN_FRONTEND=noninteractive

log=${TMPDIR:-/tmp}/day23-container-tools.log

missing() {
    for pair in dockerd:docker.io mmdebstrap:mmdebstrap strace:strace /usr/sbin/sshd:openssh-server; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || printf '%s ' "${pair#*:}"
    done
}

tell() { printf 'Container tests: %s\n' "$*"; }

skip() { tell "skipped, $*"; exit 0; }

# A package must not start its own daemon: the tests start theirs and end it.
without_daemons() {
    policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then "$@"; return; fi
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy"
    "$@"
    code=$?
    rm -f "$policy"
    return "$code"
}

install() {
    # shellcheck disable=SC2086  # the packages are words
    apt-get install -y --no-install-recommends $1 >>"$log" 2>&1 && return
    apt-get update >>"$log" 2>&1 && apt-get install -y --no-install-recommends $1 >>"$log" 2>&1
}

if [ "$(id -u)" -ne 0 ]; then skip "starting a Docker daemon needs root"; fi
packages=$(missing)
if [ -z "$packages" ]; then
    tell "a daemon of their own ($(dockerd --version | cut -d, -f1))"
    exit 0
fi
command -v apt-get >/dev/null 2>&1 || skip "not installed here: $packages"
: >"$log"
without_daemons install "$packages" || skip "Debian's packages $packages could not be installed, see $log"
tell "a daemon of their own, Debian's packages installed: $packages"
