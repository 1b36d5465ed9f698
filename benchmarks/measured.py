"""Runs a command and prints what it took: small, because a child's peak memory counts its parent's."""

import json
import os
import sys
import time

started = time.perf_counter()
child = os.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the benchmark's own commands
_, status, usage = os.wait4(child, 0)
took = [time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024]
print(json.dumps({"code": os.waitstatus_to_exitcode(status), "took": took}), file=sys.stderr)
