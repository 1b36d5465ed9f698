#!/bin/sh
# Brings the stack up from an unpacked bundle; needs tar, sha256sum and Python, no network, no pip, no root.
#
#   tar xf day23-bundle.tar
#   sh day23/up.sh [options of invoke day23.up, as -i ryzen or --port-offset 1000]
#
# Afterwards the folder is a checkout like any other: make and invoke work in it.
set -eu
cd "$(dirname "$0")"
LC_ALL=C.UTF-8
export LC_ALL

die() { printf 'error: %s\n' "$*" >&2; exit 1; }
wanted() { sed -n "s/^ *\"$1\": \"\\([^\"]*\\)\".*/\\1/p" bundle/manifest.json; }

[ -f bundle/manifest.json ] || die "this folder is no unpacked bundle ($(pwd)). Next: tar xf the bundle and call up.sh there"
[ "$(uname -m)" = "$(wanted machine)" ] ||
    die "the bundle is for $(wanted machine), this host is $(uname -m). Next: make a bundle on a host with $(uname -m)"
python=python$(wanted python)
command -v "$python" >/dev/null 2>&1 || die "$python is needed, its packages are in the bundle. Next: install $python"
printf 'Comparing checksums\n' >&2
damaged=$(sha256sum --check --quiet bundle/SHA256SUMS 2>/dev/null) ||
    die "the bundle is damaged: $(printf '%s' "$damaged" | head -n 1). Next: copy it again and compare it with its .sha256 file"
PYTHON=$python sh scripts/ci/venv.sh runtime
exec .venv/bin/invoke day23.up --bundle . "$@"
