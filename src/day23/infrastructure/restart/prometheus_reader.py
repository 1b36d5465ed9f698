"""What Prometheus knows: targets, raw samples, series, rule groups, content of a window."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from day23.domain.restart.samples import Sample
from day23.domain.restart.snapshot import Content, RuleGroup, Target
from day23.infrastructure.restart.answers import Answers

_DURATION = re.compile(r"(\d+)(ms|s|m|h)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_HEARTBEATS = '{__name__=~"up|scrape_duration_seconds|scrape_samples_scraped"}'
Series = tuple[Mapping[str, str], list[Any]]


class PrometheusReader:
    """Asks one Prometheus.

    Args:
        base: Its base URL.
    """

    def __init__(self, base: str, answers: Answers) -> None:
        self._base = base
        self._answers = answers

    def server_time(self) -> float:
        """Return the server's clock."""
        return float(self._query("prometheus_time", "time()")[1])

    def targets(self) -> tuple[Target, ...]:
        """Return every active target with its scrape interval."""
        found = self._answers.get("prometheus_targets", self._base, "/api/v1/targets", state="active")
        targets = [
            Target(
                job=each["labels"]["job"],
                instance=each["labels"]["instance"],
                interval_seconds=seconds(each["scrapeInterval"]),
            )
            for each in found["data"]["activeTargets"]
        ]
        return tuple(sorted(targets, key=lambda target: target.key))

    def series(self) -> dict[str, int]:
        """Return how many samples the last scrape of each target gave."""
        rows = self._query("prometheus_series", "scrape_samples_post_metric_relabeling")
        return {_key(row["metric"]): int(float(row["value"][1])) for row in rows}

    def rules(self) -> tuple[RuleGroup, ...]:
        """Return every rule group."""
        found = self._answers.get("prometheus_rules", self._base, "/api/v1/rules")
        return tuple(_group(each) for each in found["data"]["groups"])

    def content(self, until: float, span: float) -> Content:
        """Return the content of every series of every job in the `span` seconds before `until`."""
        return content_of(self._range("prometheus_window", '{job=~".+"}', until, span))

    def heartbeats(self, name: str, until: float, span: float) -> dict[str, set[float]]:
        """Return when each target was scraped, by metric and target."""
        found = self._range(name, _HEARTBEATS, until, span)
        return {
            f"{labels.get('__name__')} {_key(labels)}": {float(moment) for moment, _ in values}
            for labels, values in found
        }

    def up(self, until: float, span: float) -> dict[str, list[Sample]]:
        """Return the raw samples of `up`, by target."""
        found = self._range("prometheus_up", "up", until, span)
        return {
            _key(labels): [(float(moment), float(up)) for moment, up in values] for labels, values in found
        }

    def _range(self, name: str, selector: str, until: float, span: float) -> list[Series]:
        rows = self._query(name, f"{selector}[{max(1, round(span))}s]", f"{until:.3f}")
        return [(row["metric"], row["values"]) for row in rows]

    def _query(self, name: str, promql: str, moment: str = "") -> list[Any]:
        when = {"time": moment} if moment else {}
        found = self._answers.get(name, self._base, "/api/v1/query", query=promql, **when)
        return list(found["data"]["result"])


def seconds(duration: str) -> float:
    """Return a Prometheus duration in seconds.

    Example:
        >>> seconds("1m30s")
        90.0
    """
    return sum(int(amount) * _UNITS[unit] for amount, unit in _DURATION.findall(duration))


def content_of(series: list[Series]) -> Content:
    """Return how many samples there are and the hash over all of them, in a fixed order."""
    digest = hashlib.sha256()
    for line in sorted(_lines(series)):
        digest.update(line)
    return Content(items=sum(len(values) for _, values in series), digest=digest.hexdigest())


def _lines(series: list[Series]) -> Iterator[bytes]:
    for labels, values in series:
        yield orjson.dumps([dict(labels), values], option=orjson.OPT_SORT_KEYS)


def _key(labels: Mapping[str, str]) -> str:
    return f"{labels.get('job', '')} {labels.get('instance', '')}"


def _group(group: Mapping[str, Any]) -> RuleGroup:
    rules = group["rules"]
    return RuleGroup(
        name=group["name"],
        rules=tuple(sorted(rule["name"] for rule in rules)),
        healthy=all(rule["health"] == "ok" for rule in rules),
        last_evaluation=min((_seconds_of(rule["lastEvaluation"]) for rule in rules), default=0.0),
    )


def _seconds_of(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return moment.timestamp() if moment.year > 1 else 0.0
