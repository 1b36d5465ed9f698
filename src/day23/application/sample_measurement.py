"""What is measured of one sample: stored values of a dry run, a fresh answer of a live one."""

from day23.domain.benchmark_judgement import MeasuredSample
from day23.domain.benchmark_sample import BenchmarkSample
from day23.domain.quality import measure
from day23.domain.recorded_answer import RecordedAnswer
from day23.domain.reference_overlap import overlap
from day23.domain.scenario import LATENCY
from day23.domain.source_content import source_content
from day23.domain.summary_faults import faults


def measured_from_store(sample: BenchmarkSample) -> MeasuredSample:
    """Return the scores and the latency that are stored with the sample.

    Raises:
        ToolkitError: One of them is missing or not a number; names the sample.
    """
    found = faults(source_content(sample.source), sample.summary)
    return MeasuredSample(sample.sample_id, sample.channel, sample.stored_values(), faults=found)


def measured_from_answer(sample: BenchmarkSample, answer: RecordedAnswer) -> MeasuredSample:
    """Return the quality of the answer against the sample's source, and how long the answer took."""
    if answer.times is None:
        return MeasuredSample(
            sample.sample_id,
            sample.channel,
            {},
            error_kind=answer.error_kind,
            error=answer.error,
            attempts=answer.attempts,
        )
    posts = source_content(sample.source)
    quality = measure(posts, answer.text)
    values = quality.as_dict() | {LATENCY: answer.times.latency}
    return MeasuredSample(
        sample.sample_id,
        sample.channel,
        values,
        times=answer.times,
        attempts=answer.attempts,
        overlap=overlap(answer.text, sample.summary),
        faults=faults(posts, answer.text),
    )
