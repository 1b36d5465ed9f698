"""Everything that the ten checks look at; written down, so that anybody can judge it again."""

from pydantic import Field

from day23.domain.restart.disruption import Disruption
from day23.domain.restart.ledger import Account, Load
from day23.domain.restart.samples import Resumption
from day23.domain.restart.snapshot import Part, Snapshot, Target
from day23.domain.restart.timeline import Timeline

WATCHDOG = "Watchdog"
"""The alert that always fires, so that its absence at a receiver is a sign."""


class Notifications(Part):
    """Notifications about the validation's own alerts.

    Attributes:
        firing: About the alert that was notified before and posted again afterwards; must stay 1.
        silenced: About the alert that a silence covers; must stay 0.
    """

    firing: int = 0
    silenced: int = 0


class Kept(Part):
    """Samples that could be read just before the stop, and how many of them cannot be any more."""

    samples: int = 0
    lost: int = 0


class Evidence(Part):
    """One validation as recorded.

    Attributes:
        before: The record.
        after: The same questions after the disruption, over the record's own window.
        hit: Services that had to restart.
        resumptions: By target key, for every target of the record.
        watchdog_at: When the Watchdog last reached a receiver, Unix seconds.
        accounts: By ledger: `file`, `push`, `writes`.
        loads: By ledger, in items per second.
        refusal: What the service said against a broken configuration; empty when it took it.
    """

    run_id: str
    disruption: str
    before: Snapshot
    after: Snapshot
    timeline: Timeline
    hit: tuple[str, ...] = ()
    resumptions: dict[str, Resumption] = Field(default_factory=dict)
    kept: Kept = Kept()
    watchdog_at: float | None = None
    notifications: Notifications = Notifications()
    accounts: dict[str, Account] = Field(default_factory=dict)
    loads: dict[str, Load] = Field(default_factory=dict)
    refusal: str = ""

    @property
    def kind(self) -> Disruption:
        """The disruption, parsed."""
        return Disruption.parse(self.disruption)

    def ready_of(self, target: Target) -> float:
        """Return when target and Prometheus could meet again: both ready, or never gone."""
        jobs = {service.job: service.name for service in self.before.services if service.job}
        names = (jobs.get(target.job, ""), "prometheus")
        found = [self.timeline.services[name].ready for name in names if name in self.timeline.services]
        return max([moment for moment in found if moment is not None], default=self.timeline.stopped)
