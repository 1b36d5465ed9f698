"""Legends and values as a person reads them."""

import math
import re
from collections.abc import Mapping

_LABEL = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_SIZES = ("B", "KiB", "MiB", "GiB", "TiB")


def legend(pattern: str, labels: Mapping[str, str]) -> str:
    """Return Grafana's legend of a series; without a pattern, its labels.

    Example:
        >>> legend("{{job}} reads", {"job": "loki"})
        'loki reads'
    """
    if not pattern:
        return ", ".join(f"{name}={value}" for name, value in sorted(labels.items()))
    return _LABEL.sub(lambda found: labels.get(found[1], ""), pattern).strip()


def reading(value: float, unit: str) -> str:
    """Return a value in Grafana's unit.

    Example:
        >>> reading(0.985, "percentunit"), reading(1536, "bytes"), reading(90, "s")
        ('98.5 %', '1.5 KiB', '1.5 min')
    """
    if math.isnan(value):
        return "no number"
    if unit == "percentunit":
        return f"{value * 100:.3g} %"
    if unit == "bytes":
        return _size(value)
    if unit == "s":
        return _duration(value)
    return _plain(value) + {"ops": "/s", "reqps": " req/s"}.get(unit, "")


def _size(value: float) -> str:
    power = min(int(math.log(abs(value), 1024)), len(_SIZES) - 1) if abs(value) >= 1 else 0
    return f"{value / 1024**power:.3g} {_SIZES[power]}"


def _duration(seconds: float) -> str:
    for length, word in ((86_400, "d"), (3600, "h"), (60, "min")):
        if abs(seconds) >= length:
            return f"{seconds / length:.3g} {word}"
    if 0 < abs(seconds) < 1:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.3g} s"


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) and abs(value) < 1e9 else f"{value:.3g}"
