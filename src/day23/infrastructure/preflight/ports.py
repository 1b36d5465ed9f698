"""Whether the stack's ports are free, or held by the stack itself."""

import errno
import shlex
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path

import psutil

from day23.application.preflight import Finding, FindingState


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that uses a port, as far as this user may see it.

    Attributes:
        stack_root: The stack root that the process belongs to, if it is a service of a stack.
    """

    pid: int
    program: str
    user: str
    stack_root: Path | None

    def __str__(self) -> str:
        owner = f", of the stack at {self.stack_root}" if self.stack_root else ""
        return f"pid {self.pid}, {self.program}, user {self.user}{owner}"


@dataclass(frozen=True, slots=True)
class _Socket:
    port: int
    pid: int


StackRootOf = Callable[[int], Path | None]
"""Returns the stack root whose service a pid is; None for anybody else's process."""


class Ports:
    """Passes when each port is free or held by a process of this very stack.

    Args:
        bind: Address that services listen on.
        ports: Port by name.
        root: The stack root.
        stack_root_of: Tells which stack a process belongs to.
        published: Ports that the engine itself holds for services of this stack.
    """

    def __init__(
        self,
        bind: str,
        ports: Mapping[str, int],
        root: Path,
        stack_root_of: StackRootOf,
        published: Collection[int] = (),
    ) -> None:
        self._bind = bind
        self._ports = ports
        self._root = root
        self._stack_root_of = stack_root_of
        self._published = frozenset(published)

    def findings(self) -> Sequence[Finding]:
        """Try each port."""
        return [self._finding(name, port) for name, port in self._ports.items()]

    def _finding(self, name: str, port: int) -> Finding:
        check = f"port {port} ({name})"
        if port in self._published:
            return Finding(check, FindingState.PASSED, "this stack's own")
        problem = _bind_problem(self._bind, port)
        if problem is None:
            return Finding(check, FindingState.PASSED, "free")
        if problem != errno.EADDRINUSE:
            reason = f"{self._bind} cannot be used: {errno.errorcode[problem]}"
            return Finding(check, FindingState.FAILED, reason, "set stack_bind to an address of this host")
        return self._in_use(check, self._holder(port))

    def _in_use(self, check: str, holder: Holder | None) -> Finding:
        if holder and holder.stack_root == self._root:
            return Finding(check, FindingState.PASSED, f"this stack's own pid {holder.pid}")
        who = str(holder) if holder else "another user's process"
        step = f"{_way_to_stop(holder)}, or move every port with PORT_OFFSET=1000 (stack_port_offset)"
        return Finding(check, FindingState.FAILED, f"in use by {who}", step)

    def _holder(self, port: int) -> Holder | None:
        pids = {item.pid for item in self._sockets if item.port == port}
        holders = [holder for pid in sorted(pids) if (holder := _holder(pid, self._stack_root_of))]
        own = [holder for holder in holders if holder.stack_root == self._root]
        return next(iter(own or holders), None)

    @cached_property
    def _sockets(self) -> Collection[_Socket]:
        """The sockets of this address whose process may be seen; listeners before their connections."""
        found = [
            (_Socket(connection.laddr.port, connection.pid), connection.status == psutil.CONN_LISTEN)
            for connection in psutil.net_connections("tcp")
            if connection.pid and connection.laddr and self._overlaps(connection.laddr.ip)
        ]
        listeners = {item for item, listens in found if listens}
        heard = {item.port for item in listeners}
        return listeners | {item for item, _ in found if item.port not in heard}

    def _overlaps(self, address: str) -> bool:
        return address == self._bind or ip_address(address).is_unspecified


def _way_to_stop(holder: Holder | None) -> str:
    if holder and holder.stack_root:
        return f"make day-23-down STACK_ROOT={shlex.quote(str(holder.stack_root))}"
    return "stop that process"


def _bind_problem(address: str, port: int) -> int | None:
    """Bind as a server would; return the error number, None when the port is free."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen(1)
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return None


def _holder(pid: int, stack_root_of: StackRootOf) -> Holder | None:
    try:
        process = psutil.Process(pid)
        return Holder(pid, process.name(), process.username(), stack_root_of(pid))
    except psutil.Error:
        return None
