"""What informs beside the verdict, in words and rows: faults of the summaries, and an LLM judge's opinion."""

from collections.abc import Mapping
from itertools import islice

from day23.application.pair_judge import ANSWERS_PER_VOTE
from day23.domain.benchmark_result import BenchmarkResult, FaultCount
from day23.domain.pair_judgement import INTERRUPTED, PairJudgement, Preferred
from day23.domain.statistics.average import Average
from day23.domain.statistics.interval import Interval

FAULT_COLUMNS = ("fault", "summaries", "of", "share", "95 % interval")
SCORE_COLUMNS = ("by the rubric", "answers", "95 % interval", "recorded", "95 % interval")
_NAMED = 10


def fault_line(result: BenchmarkResult) -> str:
    """Return the faults that were found, in one line."""
    found = [f"{count.summaries} {fault.value}" for fault, count in result.faults.items() if count.summaries]
    of = next((count.of for count in result.faults.values()), 0)
    return f"faults of {of} summaries: {', '.join(found) or 'none'}"


def fault_rows(result: BenchmarkResult) -> list[tuple[str, ...]]:
    """Return one row per fault."""
    return [(fault.value, *_fault_cells(count)) for fault, count in result.faults.items()]


def judge_lines(judgement: PairJudgement) -> list[str]:
    """Return what the judge thinks and how far to trust it; nothing of it changes the verdict."""
    terms = judgement.terms
    tested = ", the model under test itself" if terms.is_tested_model else ""
    heard = f"{judgement.judged} of {judgement.pairs} pairs judged"
    how = f"{terms.repeats} votes in each order at temperature {terms.temperature:g}"
    lines = [f"judge {terms.model}{tested}: {heard}, {how}; it changes no verdict"]
    if judgement.remark:
        step = "; --judge llm --resume goes on" if judgement.remark == INTERRUPTED else ""
        lines.append(f"judging is incomplete: {judgement.remark}{step}")
    if judgement.judged:
        lines += [_preference(judgement), *_trust(judgement)]
    return [*lines, *_losses(judgement)]


def score_rows(judgement: PairJudgement) -> list[tuple[str, ...]]:
    """Return one row per criterion: the answers' mean score and that of the recorded summaries."""
    recorded = judgement.recorded_scores
    return [(name, *_cells(found), *_cells(recorded[name])) for name, found in judgement.scores.items()]


def score_line(judgement: PairJudgement) -> str:
    """Return the scores in one line."""
    scores = (f"{row[0]} {row[1]} [{row[2]}], recorded {row[3]} [{row[4]}]" for row in score_rows(judgement))
    return f"scores by the rubric: {'; '.join(scores)}"


def _preference(judgement: PairJudgement) -> str:
    count = judgement.preferred
    told = (
        f"prefers the answer in {count[Preferred.ANSWER]}, the recorded summary in "
        f"{count[Preferred.RECORDED]}, neither in {count[Preferred.EQUAL]} pairs"
    )
    if judgement.identical:
        told += f" ({judgement.identical} of all are one text twice)"
    share = judgement.preference
    return f"{told}; share of the answer {_share(share)}" if share else f"{told}; no share to tell"


def _trust(judgement: PairJudgement) -> list[str]:
    lines = []
    if judgement.flip_rate:
        lines.append(f"flip rate {_share(judgement.flip_rate)}: pairs whose preference turns with the order")
    if bias := judgement.order_bias:
        shown = f"{bias.mean:+.3f} [{_interval(bias.interval, '+.3f')}]"
        lines.append(f"order bias {shown}: share of votes for what stands first, less a half")
    return lines


def _losses(judgement: PairJudgement) -> list[str]:
    lines = []
    if judgement.invalid_answers:
        lines.append(
            f"{judgement.invalid_answers} answers were no judgement; each vote is asked for up to "
            f"{ANSWERS_PER_VOTE} times"
        )
    if judgement.failed_votes:
        lines.append(f"votes lost: {_counted(judgement.failed_votes)}")
    if judgement.unjudged:
        named = [f"{sample}: {why}" for sample, why in islice(judgement.unjudged.items(), _NAMED)]
        more = len(judgement.unjudged) - len(named)
        rest = f"; and {more} more, see result.json" if more else ""
        lines.append(f"not judged: {'; '.join(named)}{rest}")
    return lines


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _fault_cells(count: FaultCount) -> tuple[str, ...]:
    share = f"{count.summaries / count.of:.1%}"
    return str(count.summaries), str(count.of), share, _interval(count.interval, ".1%")


def _cells(found: Average) -> tuple[str, str]:
    return f"{found.mean:.3f}", _interval(found.interval, ".3f")


def _share(found: Average) -> str:
    return f"{found.mean:.1%} [{_interval(found.interval, '.1%')}]"


def _interval(interval: Interval | None, form: str) -> str:
    return f"{interval.lowest:{form}} .. {interval.highest:{form}}" if interval else "too few"
