"""How a worker of Dask tells which host it is of."""

_MARK = "#"


def worker_name(host: str, number: int) -> str:
    """Return the name of a host's worker: `gpu1#2`."""
    return f"{host}{_MARK}{number}"


def host_of(name: str, address: str) -> str:
    """Return the host that a worker's name tells; else the host of its address."""
    named, mark, _ = name.rpartition(_MARK)
    return named if mark else address.rpartition("://")[2].rpartition(":")[0]
