"""The alert that misses a target: one absence per job that the services declare."""

from collections.abc import Iterable
from typing import Any

from day23.domain.slo_rules import RUNBOOK


def target_rules(jobs: Iterable[str]) -> dict[str, Any]:
    """Return the rule file's content for these jobs.

    A target that is down still has its `up` series; one that nobody scrapes any more has none, and every
    alert on its metrics falls silent. `absent()` knows one job each, so there is one expression per job.
    """
    missing = " or ".join(f'absent(up{{job="{job}"}})' for job in sorted(jobs))
    alert = {
        "alert": "TargetMissing",
        "expr": missing,
        "for": "2m",
        "labels": {"severity": "critical", "service": "{{ $labels.job }}"},
        "annotations": {
            "summary": "Nobody scrapes {{ $labels.job }} any more",
            "description": "The service declares metrics, and Prometheus has no target of that job.",
            "runbook_url": f"{RUNBOOK}#targetmissing",
        },
    }
    return {"groups": [{"name": "targets", "rules": [alert]}]}
