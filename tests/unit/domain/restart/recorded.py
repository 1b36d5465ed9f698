"""A validation that passed, as recorded evidence; tests break one thing in it."""

from typing import Any

from day23.domain.restart.evidence import Evidence, Kept, Notifications
from day23.domain.restart.ledger import Account, Load
from day23.domain.restart.samples import Resumption
from day23.domain.restart.snapshot import Content, Process, RuleGroup, Service, Silence, Snapshot, Target
from day23.domain.restart.timeline import ServiceTimes, Timeline

STOPPED, READY, ENDED = 1000.0, 1020.0, 1040.0
SERVICES = {"prometheus": "prometheus", "loki": "loki", "node_exporter": "node"}
TARGETS = tuple(Target(job=job, instance="host:1", interval_seconds=2.0) for job in SERVICES.values())


def snapshot(moment: float, first_pid: int, **changes: Any) -> Snapshot:
    """Return what a healthy stack answers; processes are numbered from `first_pid`."""
    known: dict[str, Any] = {
        "taken_at": moment,
        "server_time": moment,
        "boot_id": "one",
        "services": tuple(Service(name=name, job=job) for name, job in SERVICES.items()),
        "processes": {
            name: Process(pid=first_pid + number, started_at=float(first_pid))
            for number, name in enumerate(SERVICES)
        },
        "targets": TARGETS,
        "series": {target.key: 100 for target in TARGETS},
        "rules": (
            RuleGroup(name="stack", rules=("TargetDown", "Watchdog"), healthy=True, last_evaluation=moment),
        ),
        "silences": {"s1": Silence(matchers="alertname=RestartSilenced", ends_at="later", active=True)},
        "collections": {"digests": 150},
        "sentinel": True,
        "textfiles": {"seed.prom": ("benchmark_digest_records_total",)},
        "streams": ("loki/info/stderr",),
        "views": {"shared-infra / Up / 1": True, "rag_variance / Ratio / 1": False},
        "damage": {"loki loki_discarded_samples_total": 0.0},
        "metrics": Content(items=9000, digest="a"),
        "logs": Content(items=1500, digest="b"),
    }
    return Snapshot(**{**known, **changes})


def account(**changes: int) -> Account:
    """Return a ledger whose items all arrived once."""
    known = {"sent": 5000, "acknowledged": 5000, "missing": 0, "doubled": 0, "undecided": 0}
    return Account(**{**known, **changes})


def passed(**changes: Any) -> Evidence:
    """Return the evidence of a validation that passed, with `changes` to it."""
    times = ServiceTimes(down=1001.0, process_up=1018.0, ready=READY, first_sample=1025.0)
    known: dict[str, Any] = {
        "run_id": "run",
        "disruption": "stack",
        "before": snapshot(990.0, 100),
        "after": snapshot(ENDED, 200),
        "timeline": Timeline(
            started=980.0, stopped=STOPPED, ready=READY, ended=ENDED, services=dict.fromkeys(SERVICES, times)
        ),
        "hit": tuple(sorted(SERVICES)),
        "resumptions": {
            target.key: Resumption(last_before=999.0, first_after=1026.0, consecutive=6, hole_seconds=27.0)
            for target in TARGETS
        },
        "kept": Kept(samples=300, lost=0),
        "watchdog_at": READY + 5,
        "notifications": Notifications(firing=1, silenced=0),
        "accounts": {name: account() for name in ("file", "push", "writes")},
        "loads": {name: Load(before=200, during=199, after=200) for name in ("file", "push", "writes")},
    }
    return Evidence(**{**known, **changes})
