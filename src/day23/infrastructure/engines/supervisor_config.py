"""The texts that supervisord reads: its own configuration and one program per service.

The daemon works in its own folder and sees only names relative to it, so that no path of the host
(spaces, `%`, `;`, brackets, more than the 107 bytes of a socket address) ever enters these files,
except inside the quoted command.
"""

import math
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.domain.resolved_service import ResolvedService

SOCKET = "supervisor.sock"
CONFIGURATION = "supervisord.conf"
PROGRAMS = "programs"

SUPERVISORD_TEXT = f"""\
[unix_http_server]
file=/proc/self/cwd/{SOCKET}
chmod=0600

[supervisord]
logfile=supervisord.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile=supervisord.pid
umask=077
nocleanup=true

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[include]
files=/proc/self/cwd/{PROGRAMS}/*.conf
"""

_UP_AFTER_SECONDS = 5
"""A program that ends sooner is retried with a growing pause instead of at once."""

_LINE_BREAKING = re.compile(r"[\x00\r\n]")
_COMMENT_START = re.compile(r"(?<=\s)(?=[;#])")
_STOP_SECONDS = re.compile(r"^stopwaitsecs=(\d+)$", re.MULTILINE)


def program_text(service: ResolvedService, environment: Mapping[str, str], setpriv: Path) -> str:
    """Return the configuration of one program.

    The process name carries the hash of what runs, so that the supervisor itself knows it.

    Args:
        environment: All variables of the service; set by `env` because the supervisor's own
            setting strips quotes.
        setpriv: The util-linux program that makes a service end when its supervisor is killed.

    Raises:
        ToolkitError: A word of the command or a variable contains a line break.
    """
    variables = [f"{name}={value}" for name, value in environment.items()]
    command = ["/usr/bin/env", *variables, str(setpriv), "--pdeathsig", "TERM", "--", *service.argv]
    return f"""\
[program:{service.name}]
process_name={process_name(service.name, service.core_hash)}
command={_quoted(command, service.name)}
directory=../../data/{service.name}
autostart=false
autorestart=true
startsecs={_UP_AFTER_SECONDS}
startretries=1000
stopsignal={service.stop_signal}
stopwaitsecs={math.ceil(service.stop_within)}
stopasgroup=false
killasgroup=true
stdout_logfile=../../logs/{service.name}.stdout.jsonl
stderr_logfile=../../logs/{service.name}.stderr.jsonl
stdout_logfile_maxbytes=20MB
stderr_logfile_maxbytes=20MB
stdout_logfile_backups=5
stderr_logfile_backups=5
"""


def process_name(service: str, core_hash: str) -> str:
    """Return the name under which the supervisor runs one version of a service."""
    return f"{service}-{core_hash}"


def hash_of(name: str) -> str:
    """Return the core hash out of a process name."""
    return name.rpartition("-")[2]


def stop_seconds(text: str) -> float:
    """Return how long the program of this configuration may take to stop."""
    found = _STOP_SECONDS.search(text)
    return float(found[1]) if found else 0.0


def _quoted(words: Sequence[str], service: str) -> str:
    """Quote a command for supervisord: shell rules, `%` doubled, and no start of a comment.

    Empty quotes keep `%(` and a blank before `;` or `#` apart, which the parser would interpret.
    """
    for word in words:
        if _LINE_BREAKING.search(word):
            raise ToolkitError(
                "a word of the command or a variable contains a line break",
                where=f"{service}_service, {word[:40]!r}",
                next_step="put that text into a file of the service",
            )
    text = shlex.join(words).replace("%", "%%''")
    return _COMMENT_START.sub("''", text)
