import pytest

from day23.domain.errors import ToolkitError
from day23.domain.recorded_answer import RecordedAnswer
from day23.domain.sample_times import SampleTimes
from day23.infrastructure.benchmark.journal_file import JournalFile

KEY = {"scenario": "channel_digest_ru", "dataset": "a" * 64}
TIMES = SampleTimes(intended=0, released=0.1, sent=0.2, first_token=0.3, last_token=0.4, finished=0.5)
SAMPLES = (
    RecordedAnswer(sample_id="one", text="- Да", model="m", times=TIMES),
    RecordedAnswer(sample_id="two", error_kind="timeout", error="no answer within 1 s", attempts=2),
)


@pytest.fixture
def journal(tmp_path):
    return JournalFile(tmp_path / "results" / "live.partial.jsonl")


def interrupted(journal):
    assert journal.begin(KEY, resume=False) == ()
    for sample in SAMPLES:
        journal.keep(sample)


def test_an_interrupted_run_goes_on_with_what_it_had(journal):
    interrupted(journal)
    assert JournalFile(journal.path).begin(KEY, resume=True) == SAMPLES


def test_a_line_that_a_kill_cut_short_is_dropped(journal):
    interrupted(journal)
    journal.path.write_bytes(journal.path.read_bytes()[:-10])
    assert JournalFile(journal.path).begin(KEY, resume=True) == SAMPLES[:1]
    assert JournalFile(journal.path).begin(KEY, resume=True) == SAMPLES[:1]


def test_another_run_is_not_gone_on_with(journal):
    interrupted(journal)
    with pytest.raises(ToolkitError, match="another one; what differs: dataset"):
        JournalFile(journal.path).begin(KEY | {"dataset": "b" * 64}, resume=True)


def test_there_must_be_something_to_go_on_with(journal):
    with pytest.raises(ToolkitError, match=r"no interrupted run.*without --resume"):
        journal.begin(KEY, resume=True)


def test_a_damaged_journal_is_refused(journal):
    interrupted(journal)
    journal.path.write_bytes(journal.path.read_bytes() + b'{"sample_id": 3}\n')
    with pytest.raises(ToolkitError, match="damaged"):
        JournalFile(journal.path).begin(KEY, resume=True)


def test_a_finished_run_leaves_no_journal(journal):
    interrupted(journal)
    journal.finish()
    assert not journal.path.exists()
