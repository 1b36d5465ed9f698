"""The dataset as tables for people."""

from rich.box import SIMPLE
from rich.table import Table

from day23.application.seed_summary import ChannelSummary, SeedSummary
from day23.application.verify_dataset import ChannelVerdict, DatasetAudit

_NUMBERS = ("read", "used", "digests", "reports", "synth", "new", "kept", "refused")


def seed_table(summary: SeedSummary) -> Table:
    """Return one line per channel: posts read and used, documents stored, what this run did to them."""
    last_day = summary.window.days[-1]
    table = Table(
        title=f"Dataset {summary.window.start:%Y-%m-%d} to {last_day} (UTC)", box=SIMPLE, padding=(0, 0, 0, 1)
    )
    table.add_column("channel", no_wrap=True)
    for name in _NUMBERS:
        table.add_column(name, justify="right")
    for channel in summary.channels:
        table.add_row(channel.channel, *map(str, _seed_numbers(channel)))
    return table


def audit_table(audit: DatasetAudit) -> Table:
    """Return one line per channel: distinct days, broken rules, and whether that is enough."""
    table = Table(
        title=f"At least {audit.minimum_required} distinct days, read twice", box=SIMPLE, padding=(0, 0, 0, 1)
    )
    for name in ("channel", "digests", "days", "reports", "days", "synthetic", "broken", ""):
        table.add_column(name, justify="left" if name in ("channel", "") else "right")
    for verdict in audit.channels:
        table.add_row(verdict.channel, *_audit_cells(verdict))
    return table


def _seed_numbers(channel: ChannelSummary) -> tuple[int, ...]:
    made = (channel.digests, channel.review_reports)
    return (
        channel.posts.read,
        channel.posts.used,
        channel.stored.digests,
        channel.stored.review_reports,
        channel.stored.synthetic,
        sum(counts.stored for counts in made),
        sum(counts.unchanged for counts in made),
        sum(counts.rejected for counts in made),
    )


def _audit_cells(verdict: ChannelVerdict) -> tuple[str, ...]:
    numbers = (
        verdict.digests,
        verdict.digest_days,
        verdict.review_reports,
        verdict.review_report_days,
        verdict.synthetic,
        verdict.digests_missing_fields + verdict.review_missing_fields,
    )
    return (*map(str, numbers), "[green]ok[/]" if verdict.passed else "[bold red]falls short[/]")
