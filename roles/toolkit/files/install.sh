#!/bin/sh
# Unpacks the packages that were pushed into a folder and makes the virtual environment there, without a network.
#
#   install.sh FOLDER PYTHON PACKAGE...
#
# Every package that belongs to the toolkit is named; those that were pushed lie in the folder as PACKAGE.tar. Each
# replaces the parts that it brings. The list of packages is written last: a run that was cut short is repeated.
set -eu
cd "$1"
python=$2
shift 2

rm -f .toolkit
for package; do
    [ -f "$package.tar" ] || continue
    rm -rf .incoming
    mkdir .incoming
    tar -xf "$package.tar" -C .incoming
    for part in .incoming/*; do
        rm -rf "./${part##*/}"
        mv "$part" .
    done
    rm -rf .incoming "$package.tar"
done
PYTHON=python$python sh scripts/ci/venv.sh runtime
printf '%s\n' "$@" >.toolkit
