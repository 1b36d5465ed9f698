"""The picture of an LLM judge's scores: answers beside the recorded summaries."""

from typing import Any

from day23.domain.pair_judgement import PairJudgement
from day23.presentation.reports.benchmark_picture import Draw, Palette, Plot


def judge_plot(judgement: PairJudgement) -> Plot:
    """Return the mean scores by criterion, with their intervals."""
    title = f"Scores by the judge {judgement.terms.model}, mean and 95 % interval"
    return Plot("judge", title, 2.4, _scores(judgement))


def _scores(judgement: PairJudgement) -> Draw:
    def draw(axes: Any, colours: Palette) -> None:
        sides = (
            (judgement.scores, colours.first, "answers", -0.12),
            (judgement.recorded_scores, colours.second, "recorded summaries", 0.12),
        )
        for scores, colour, label, shift in sides:
            rows = [row + shift for row in range(len(scores))]
            for row, found in zip(rows, scores.values(), strict=True):
                if found.interval:
                    ends = [found.interval.lowest, found.interval.highest]
                    axes.plot(ends, [row, row], color=colour, linewidth=1.2)
            axes.scatter([found.mean for found in scores.values()], rows, s=18, color=colour, label=label)
        axes.set_yticks(range(len(judgement.scores)), list(judgement.scores))
        axes.set_xlim(-0.02, 1.02)
        axes.invert_yaxis()
        axes.legend(frameon=False, fontsize=8.5, ncols=2, loc="lower center", bbox_to_anchor=(0.5, -0.42))

    return draw
