"""How the reports write numbers, durations and sizes."""

from collections.abc import Mapping

UNKNOWN = "not reachable"
"""Stands wherever a value could not be read; never a zero."""

_KIBIBYTE = 1024
_SECONDS_PER_MINUTE = 60
_SECONDS_PER_HOUR = 3600


def number(value: float | None) -> str:
    """Return a number as short as it stays exact enough.

    Example:
        >>> number(30.0), number(0.9123), number(1234567)
        ('30', '0.912', '1,234,567')
    """
    if value is None:
        return UNKNOWN
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3g}" if value < 1 else f"{value:,.2f}"


def duration(seconds: float | None) -> str:
    """Return a duration in its largest sensible unit.

    Example:
        >>> duration(0.0042), duration(7.25), duration(83), duration(7260)
        ('4.2 ms', '7.2 s', '1 min 23 s', '2 h 1 min')
    """
    if seconds is None:
        return UNKNOWN
    if seconds < 1:
        return f"{seconds * 1000:.3g} ms"
    if seconds < _SECONDS_PER_MINUTE:
        return f"{seconds:.1f} s"
    if seconds < _SECONDS_PER_HOUR:
        return f"{int(seconds // 60)} min {int(seconds % 60)} s"
    return f"{int(seconds // 3600)} h {int(seconds % 3600 // 60)} min"


def size(octets: int | None) -> str:
    """Return a size in bytes, KiB or MiB.

    Example:
        >>> size(900), size(4096), size(150 * 1024 * 1024)
        ('900 B', '4.0 KiB', '150.0 MiB')
    """
    if octets is None:
        return ""
    if octets < _KIBIBYTE:
        return f"{octets} B"
    if octets < _KIBIBYTE**2:
        return f"{octets / _KIBIBYTE:.1f} KiB"
    return f"{octets / _KIBIBYTE**2:.1f} MiB"


def percent(share: float | None) -> str:
    """Return a share as a percentage.

    Example:
        >>> percent(0.125)
        '12.5 %'
    """
    return UNKNOWN if share is None else f"{share * 100:.3g} %"


def labels(found: Mapping[str, str]) -> str:
    """Return the labels that tell series apart; the target's own only where there are no others.

    Example:
        >>> labels({"__name__": "up", "job": "loki", "instance": "127.0.0.1:3100"})
        'job=loki instance=127.0.0.1:3100'
    """
    own = [name for name in found if name not in {"__name__", "job", "instance"}]
    return " ".join(f"{name}={found[name]}" for name in own or ("job", "instance") if name in found)
