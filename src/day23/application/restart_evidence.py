"""Put together what the ten checks look at."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from day23.application.restart_ports import StackReader, Watcher
from day23.domain.restart.disruption import Disruption, DisruptionKind
from day23.domain.restart.evidence import Evidence, Kept, Notifications
from day23.domain.restart.ledger import Account, Load, load, settle
from day23.domain.restart.run_state import RunState
from day23.domain.restart.samples import Sample, resumption
from day23.domain.restart.snapshot import Snapshot
from day23.domain.restart.timeline import ServiceTimes, Timeline
from day23.domain.restart.watch_plan import FILE, LEDGERS, PUSH, WRITES

_MARGIN_SECONDS = 60.0


def collect(reader: StackReader, watcher: Watcher, state: RunState, before: Snapshot, now: float) -> Evidence:
    """Ask everything again and return what the checks judge."""
    disruption = Disruption.parse(state.disruption)
    stopped = state.stopped or state.started
    hit = disruption.hits(service.name for service in before.services)
    timeline = _timeline(watcher, state, hit, stopped, now)
    after = reader.snapshot("after", state)
    if disruption.kind is DisruptionKind.HOST:
        timeline = _of_a_boot(timeline, after)
    samples = reader.up(now, now - state.started + _MARGIN_SECONDS)
    log_times = reader.log_times(stopped, now)
    evidence = Evidence(
        run_id=state.run_id,
        disruption=state.disruption,
        before=before,
        after=after,
        timeline=timeline,
        hit=hit,
        kept=_kept(reader, state),
        watchdog_at=reader.watchdog_at(),
        notifications=_counted(reader.notifications(state.run_id, state.started - 60, now + 60)),
        accounts=_accounts(reader, watcher, state, now),
        loads=_loads(watcher, state, timeline),
        refusal=state.refusal,
    )
    return _with_samples(evidence, samples, log_times)


def _timeline(watcher: Watcher, state: RunState, hit: Sequence[str], stopped: float, now: float) -> Timeline:
    times = {name: one for name, one in watcher.times(state).items() if one != ServiceTimes()}
    readies = [times[name].ready if name in times else None for name in hit]
    known = [moment for moment in readies if moment is not None]
    ready = max(known, default=stopped) if len(known) == len(hit) else None
    return Timeline(started=state.started, stopped=stopped, ready=ready, ended=now, services=times)


def _of_a_boot(timeline: Timeline, after: Snapshot) -> Timeline:
    """Return the timeline of services that nobody could look at while their host was away."""
    services = {
        name: times.model_copy(
            update={"down": timeline.stopped, "process_up": after.processes[name].started_at}
        )
        if name in after.processes
        else times
        for name, times in timeline.services.items()
    }
    return timeline.model_copy(update={"services": services})


def _with_samples(
    evidence: Evidence, samples: Mapping[str, Sequence[Sample]], log_times: Mapping[str, Sequence[float]]
) -> Evidence:
    stopped = evidence.timeline.stopped
    resumptions = {
        target.key: resumption(
            samples[target.key], target.interval_seconds, stopped, evidence.ready_of(target)
        )
        for target in evidence.before.targets
        if target.key in samples
    }
    jobs = {service.name: service.job for service in evidence.before.services}
    services = {
        name: times.model_copy(
            update={
                "first_sample": _first_sample(resumptions, jobs.get(name, "")),
                "first_log": _first_line(log_times.get(name, ()), times),
            }
        )
        for name, times in evidence.timeline.services.items()
    }
    timeline = evidence.timeline.model_copy(update={"services": services})
    return evidence.model_copy(update={"resumptions": resumptions, "timeline": timeline})


def _first_sample(resumptions: Mapping[str, Any], job: str) -> float | None:
    found = [one.first_after for key, one in resumptions.items() if job and key.split(" ")[0] == job]
    return min([moment for moment in found if moment is not None], default=None)


def _first_line(moments: Sequence[float], times: ServiceTimes) -> float | None:
    """What a service wrote while it ended does not show that it is back."""
    since = times.process_up or times.down
    return next((moment for moment in moments if since is not None and moment >= since), None)


def _kept(reader: StackReader, state: RunState) -> Kept:
    if state.stopped is None or not state.heartbeats:
        return Kept()
    found = reader.heartbeats("heartbeats_after", state.stopped, state.window_seconds + 1)
    lost = [set(moments) - found.get(key, set()) for key, moments in state.heartbeats.items()]
    return Kept(samples=sum(map(len, state.heartbeats.values())), lost=sum(map(len, lost)))


def _counted(notifications: Sequence[Mapping[str, Any]]) -> Notifications:
    firing = Counter(str(one.get("resource")) for one in notifications if one.get("outcome") == "firing")
    return Notifications(firing=firing["RestartCanary"], silenced=firing["RestartSilenced"])


def _accounts(reader: StackReader, watcher: Watcher, state: RunState, now: float) -> dict[str, Account]:
    found: dict[str, Account] = {}
    for name in LEDGERS:
        ledger = watcher.ledger(name, state)
        stored = (
            reader.stored_writes(state.run_id)
            if name == WRITES
            else reader.stored_lines(name, state, now + _MARGIN_SECONDS)
        )
        found[name] = settle(ledger.sent, ledger.acknowledged, stored)
    return found


def _loads(watcher: Watcher, state: RunState, timeline: Timeline) -> dict[str, Load]:
    has_during = Disruption.parse(state.disruption).kind is not DisruptionKind.HOST
    found = {}
    for name in (FILE, PUSH, WRITES):
        moments = watcher.ledger(name, state).moments
        end = max(moments, default=timeline.ended)
        ready = timeline.ready or end
        edges = (min(moments, default=timeline.started), timeline.stopped, ready, end)
        found[name] = load(moments, edges, has_during and ready > timeline.stopped)
    return found
