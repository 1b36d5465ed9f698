"""The ten points of a restart validation, each with its numbers. Pure: they judge recorded evidence.

Source of the points: the acceptance rule in the operations guide, section "Restart validation".
"""

from collections.abc import Callable, Iterable
from typing import Final

from pydantic import Field

from day23.domain.restart.evidence import WATCHDOG, Evidence
from day23.domain.restart.samples import CONSECUTIVE, Resumption
from day23.domain.restart.snapshot import Part, Snapshot, Target
from day23.domain.restart.timeline import ALL_SERVICES_SECONDS, ONE_SERVICE_SECONDS

LIGHTEST_LOAD: Final = 20.0
"""Items per second below which nothing was tried: the run is void."""

CLOCK_SECONDS: Final = 1.0
"""How far the checker's clock may be from Prometheus'."""

DISCOVERY_SECONDS: Final = 5.0
"""Prometheus takes up discovered targets at most this often (scrape.discovery-reload-interval)."""

LOOK_SECONDS: Final = 1.0
"""How much later than it happened a look may notice something."""

FEWEST_SERIES: Final = 0.5
"""Share of its series that a target must have again: counters that count nothing yet are not shown."""

DOUBLED_SECONDS: Final = 5.0
"""Lines of so many seconds may be there twice when their carrier was killed in the middle of them."""

Figures = dict[str, int | float | str]


class Check(Part):
    """One point: whether it holds, why not, and its numbers. `void` means that nothing can be said."""

    name: str
    holds: bool
    void: bool = False
    reason: str = ""
    figures: Figures = Field(default_factory=dict)


def _check(name: str, complaints: Iterable[str], figures: Figures, *, void: bool = False) -> Check:
    told = list(complaints)
    return Check(name=name, holds=not told, void=bool(told) and void, reason="; ".join(told), figures=figures)


def it_happened(evidence: Evidence) -> Check:
    """The disruption took place, under load: otherwise there is nothing to judge."""
    idle = [name for name in evidence.hit if not _was_restarted(evidence, name)]
    lightest = min((load.lightest() for load in evidence.loads.values()), default=0.0)
    complaints = [f"{', '.join(idle)} did not restart"] if idle else []
    if evidence.disruption == "host" and evidence.before.boot_id == evidence.after.boot_id:
        complaints = ["the host was not booted"]
    if not evidence.kind.restarts_something and not evidence.refusal:
        complaints.append("no broken configuration was offered")
    if lightest < LIGHTEST_LOAD:
        light = ", ".join(name for name, each in evidence.loads.items() if each.lightest() < LIGHTEST_LOAD)
        complaints.append(
            f"load of {light or 'every ledger'} was {lightest:.0f}/s, less than {LIGHTEST_LOAD:.0f}/s"
        )
    figures: Figures = {
        "services hit": len(evidence.hit),
        "restarted": len(evidence.hit) - len(idle),
        "lightest load per second": round(lightest, 1),
    }
    return _check("it_happened", complaints, figures, void=True)


def _was_restarted(evidence: Evidence, name: str) -> bool:
    before, after = evidence.before.processes.get(name), evidence.after.processes.get(name)
    return before is None or after is None or (before.pid, before.started_at) != (after.pid, after.started_at)


def resumed(evidence: Evidence) -> Check:
    """Every target of the record is scraped again, in time and without a miss."""
    offset = evidence.after.clock_offset
    complaints = [*_clock(offset), *_late_services(evidence)]
    first, hole, bound = 0.0, 0.0, 0.0
    for target in evidence.before.targets:
        found = evidence.resumptions.get(target.key)
        complaints += _not_resumed(target, found, evidence)
        if found is not None:
            hole = max(hole, found.hole_seconds)
            bound = max(bound, _hole_bound(target, found, evidence))
            first = max(first, (found.first_after or 0.0) - evidence.ready_of(target))
    figures: Figures = {
        "targets": len(evidence.before.targets),
        "longest hole s": round(hole, 2),
        "hole bound s": round(bound, 2),
        "first sample after ready s": round(first, 2),
        "all ready after s": round(evidence.timeline.recovery_seconds or 0.0, 2),
        "clock offset s": round(offset, 3) + 0.0,  # not "-0.0"
    }
    return _check("resumed", complaints, figures)


def _clock(offset: float) -> list[str]:
    off = abs(offset) > CLOCK_SECONDS
    return (
        [f"the checker's clock is {offset:+.1f} s off Prometheus': times cannot be compared"] if off else []
    )


def _not_resumed(target: Target, found: Resumption | None, evidence: Evidence) -> list[str]:
    if found is None or found.first_after is None:
        return [f"{target.key} is not scraped"]
    if found.consecutive < CONSECUTIVE:
        return [f"{target.key}: {found.consecutive} samples in a row, not {CONSECUTIVE}"]
    late, bound = found.first_after - evidence.ready_of(target), _resumes_within(target)
    if late > bound:
        return [f"{target.key}: first sample {late:.1f} s after ready, bound {bound:.1f} s"]
    hole, bound = found.hole_seconds, _hole_bound(target, found, evidence)
    return [f"{target.key}: hole of {hole:.1f} s, bound {bound:.1f} s"] if hole > bound else []


def _resumes_within(target: Target) -> float:
    return DISCOVERY_SECONDS + target.interval_seconds + LOOK_SECONDS


def _hole_bound(target: Target, found: Resumption, evidence: Evidence) -> float:
    """From the last sample to ready nothing can be scraped; after that, discovery and one interval pass."""
    since = evidence.timeline.stopped if found.last_before is None else found.last_before
    return evidence.ready_of(target) - since + _resumes_within(target)


def _late_services(evidence: Evidence) -> list[str]:
    alone = len(evidence.hit) == 1
    budget = ONE_SERVICE_SECONDS if alone else ALL_SERVICES_SECONDS
    gone = [name for name in evidence.hit if not _is_back(evidence, name)]
    complaints = [f"{', '.join(gone)} did not come back: make day-23-up"] if gone else []
    times = evidence.timeline.services.get(evidence.hit[0]) if alone else None
    took = (times.back_after if times else None) if alone else evidence.timeline.recovery_seconds
    if took is not None and took > budget and evidence.disruption != "host":
        complaints.append(f"everything was ready after {took:.1f} s, budget {budget:.0f} s")
    return complaints


def _is_back(evidence: Evidence, name: str) -> bool:
    """Whether it was seen ready again, or never went away."""
    times = evidence.timeline.services.get(name)
    return not _was_restarted(evidence, name) if times is None else times.ready is not None


def kept(evidence: Evidence) -> Check:
    """What was stored before reads the same afterwards."""
    before, after = evidence.before, evidence.after
    complaints = []
    if before.metrics != after.metrics:
        complaints.append(
            f"metrics of the older window differ: {_amounts(before.metrics.items, after.metrics.items)}"
        )
    if before.logs != after.logs:
        complaints.append(
            f"log lines of the older window differ: {_amounts(before.logs.items, after.logs.items)}"
        )
    if evidence.kept.lost:
        complaints.append(
            f"{evidence.kept.lost} of {evidence.kept.samples} samples taken before the stop are gone"
        )
    figures: Figures = {
        "samples hashed": before.metrics.items,
        "log lines hashed": before.logs.items,
        "samples up to the stop": evidence.kept.samples,
        "samples lost": evidence.kept.lost,
    }
    return _check("kept", complaints, figures)


def _amounts(before: int, after: int) -> str:
    return f"{before} before, {after} after" if before != after else f"{before} with other content"


def complete(evidence: Evidence) -> Check:
    """Every target gives about as many series as before, once everything was used again."""
    shares = {
        key: evidence.after.series.get(key, 0) / count
        for key, count in evidence.before.series.items()
        if count
    }
    short = {key: share for key, share in shares.items() if share < FEWEST_SERIES}
    complaints = [
        f"{key}: {evidence.after.series.get(key, 0)} series of {evidence.before.series[key]}" for key in short
    ]
    figures: Figures = {
        "series before": sum(evidence.before.series.values()),
        "series after": sum(evidence.after.series.get(key, 0) for key in evidence.before.series),
        "lowest share": round(min(shares.values(), default=0.0), 3),
    }
    return _check("complete", complaints, figures)


def rules_live(evidence: Evidence) -> Check:
    """Every recorded rule group is evaluated, and the Watchdog got through since."""
    ready = evidence.timeline.ready or evidence.timeline.stopped
    groups = {group.name: group for group in evidence.after.rules}
    complaints = []
    for group in evidence.before.rules:
        found = groups.get(group.name)
        if found is None or set(group.rules) - set(found.rules):
            complaints.append(f"rule group {group.name} lost {', '.join(_lost_rules(group.rules, found))}")
        elif not found.healthy or found.last_evaluation < ready:
            complaints.append(f"rule group {group.name} is not evaluated")
    if all(WATCHDOG not in group.rules for group in evidence.before.rules):
        complaints.append("there is no Watchdog rule")
    elif evidence.watchdog_at is None or evidence.watchdog_at < ready:
        complaints.append("no Watchdog notification reached the receiver since everything was ready")
    delivered = (evidence.watchdog_at or 0.0) - ready
    figures: Figures = {
        "rule groups": len(evidence.before.rules),
        "rules": sum(len(group.rules) for group in evidence.before.rules),
        "last Watchdog after ready s": round(delivered, 2) if delivered > 0 else "none",
    }
    return _check("rules_live", complaints, figures)


def _lost_rules(rules: tuple[str, ...], found: object) -> list[str]:
    left = set(getattr(found, "rules", ()))
    return sorted(set(rules) - left)


def alert_state_kept(evidence: Evidence) -> Check:
    """Silences still hold, and nobody was told the same alert twice."""
    told = evidence.notifications
    lost = [
        silence.matchers
        for identity, silence in evidence.before.silences.items()
        if silence.active and evidence.after.silences.get(identity) != silence
    ]
    complaints = [f"silence lost: {matchers}" for matchers in lost]
    if not any(silence.active for silence in evidence.before.silences.values()):
        complaints.append("no silence was recorded")
    if told.firing == 0:
        complaints.append("the alert fired before the stop was never notified")
    if told.firing > 1:
        complaints.append(f"an alert already notified was notified {told.firing} times")
    if told.silenced:
        complaints.append(f"a silenced alert was notified {told.silenced} times")
    figures: Figures = {
        "silences": len(evidence.before.silences),
        "silences lost": len(lost),
        "notifications of one alert": told.firing,
        "notifications of a silenced alert": told.silenced,
    }
    return _check("alert_state_kept", complaints, figures)


def logs(evidence: Evidence) -> Check:
    """No canary line is missing, and no more are doubled than were on their way."""
    figures: Figures = {}
    complaints = []
    for path in ("file", "push"):
        account = evidence.accounts.get(path)
        if account is None:
            complaints.append(f"path {path}: there is no ledger")
            continue
        bound = int(DOUBLED_SECONDS * evidence.loads[path].before) if path in evidence.loads else 0
        figures |= {f"{path} lines": account.acknowledged, f"{path} missing": account.missing}
        figures |= {f"{path} doubled": account.doubled, f"{path} doubled bound": bound}
        if account.missing:
            complaints.append(f"path {path}: {account.missing} of {account.acknowledged} lines are missing")
        if account.doubled > bound:
            complaints.append(f"path {path}: {account.doubled} lines are doubled, bound {bound}")
    gone = sorted(set(evidence.before.streams) - set(evidence.after.streams))
    complaints += [f"log stream {stream} is gone" for stream in gone]
    return _check("logs", complaints, figures | {"streams": len(evidence.before.streams)})


def data_services(evidence: Evidence) -> Check:
    """MongoDB has every acknowledged write once, and node exporter every textfile."""
    account = evidence.accounts.get("writes")
    complaints = [] if evidence.after.sentinel else ["the sentinel document cannot be read"]
    if account is None:
        complaints.append("there is no ledger of writes")
    elif account.missing or account.doubled:
        complaints.append(
            f"of {account.acknowledged} acknowledged writes {account.missing} are lost, "
            f"{account.doubled} doubled"
        )
    for name, count in evidence.before.collections.items():
        if evidence.after.collections.get(name, 0) < count:
            complaints.append(
                f"collection {name}: {_amounts(count, evidence.after.collections.get(name, 0))}"
            )
    complaints += _lost_textfiles(evidence.before, evidence.after)
    figures: Figures = {
        "acknowledged writes": account.acknowledged if account else 0,
        "writes lost": account.missing if account else 0,
        "writes doubled": account.doubled if account else 0,
        "collections": len(evidence.before.collections),
        "textfiles": len(evidence.before.textfiles),
    }
    return _check("data_services", complaints, figures)


def _lost_textfiles(before: Snapshot, after: Snapshot) -> list[str]:
    complaints = []
    for file, names in before.textfiles.items():
        lost = sorted(set(names) - set(after.textfiles.get(file, ())))
        if lost:
            complaints.append(f"textfile {file} is gone or lost {', '.join(lost[:3])}")
    return complaints


def views(evidence: Evidence) -> Check:
    """What dashboards showed they show again; where a Grafana runs, it has the same ones."""
    before, after = evidence.before, evidence.after
    empty = sorted(name for name, had in before.views.items() if had and not after.views.get(name))
    complaints = [f"no data any more: {name}" for name in empty[:5]]
    complaints += [f"and {len(empty) - 5} more panels without data"] if len(empty) > 5 else []
    for kind in ("dashboards", "datasources"):
        lost = set(getattr(before, kind) or ()) - set(getattr(after, kind) or ())
        complaints += [f"Grafana lost {kind}: {', '.join(sorted(lost))}"] if lost else []
    figures: Figures = {
        "queries of panels": len(before.views),
        "with data before": sum(before.views.values()),
        "with data after": sum(after.views.values()),
        "dashboards in Grafana": "no Grafana" if before.dashboards is None else len(before.dashboards),
    }
    return _check("views", complaints, figures)


def no_silent_damage(evidence: Evidence) -> Check:
    """No counter of corruption or drops went up; one that its process restarted counts from 0."""
    grown = {
        name: _growth(evidence, name) for name in sorted({*evidence.before.damage, *evidence.after.damage})
    }
    complaints = [f"{name} +{growth:.0f}" for name, growth in grown.items() if growth > 0]
    unread = [] if evidence.after.damage else ["no counter of damage could be read"]
    return _check(
        "no_silent_damage", [*complaints, *unread], {"counters": len(grown), "grown": len(complaints)}
    )


def _growth(evidence: Evidence, name: str) -> float:
    before, after = evidence.before.damage.get(name, 0.0), evidence.after.damage.get(name, 0.0)
    service = name.split(" ")[0]
    return after if _was_restarted(evidence, service) or after < before else after - before


CHECKS: Final[tuple[Callable[[Evidence], Check], ...]] = (
    it_happened,
    resumed,
    kept,
    complete,
    rules_live,
    alert_state_kept,
    logs,
    data_services,
    views,
    no_silent_damage,
)
"""In the order of the report."""
