# What somebody types on a host without a network; run inside a network namespace of its own.
#
#   unplugged_host.sh FOLDER OFFSET     FOLDER holds bundle.tar, cut.tar and an empty home
set -eu
ip link set lo up
cd "$1"
offset=$2
HOME=$PWD/home
export HOME

tar xf bundle.tar
sh day23/up.sh --port-offset "$offset"
cd day23
invoke=.venv/bin/invoke
trap '$invoke day23.down --port-offset "$offset"' EXIT
$invoke day23.up --json --port-offset "$offset" >../again.json
$invoke day23.status --json --port-offset "$offset" >../before.json
code=0
$invoke day23.up --port-offset "$offset" --bundle ../cut.tar 2>../refusal.txt || code=$?
echo "$code" >../refusal.code
$invoke day23.status --json --port-offset "$offset" >../after.json
