import pytest

from day23.domain.errors import ToolkitError
from day23.infrastructure.benchmark.scenario_file import load_scenario


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "the scenario is wrong"),
        ("thresholds: [", "cannot read the scenario"),
        ("scenario_id: other_scenario", "the scenario is wrong: description: Field required"),
        ("\x00", "cannot read the scenario"),
    ],
)
def test_a_broken_file_is_told_in_one_line_with_its_name(tmp_path, content, told):
    (tmp_path / "mine.yml").write_text(content)
    with pytest.raises(ToolkitError) as caught:
        load_scenario(tmp_path, "mine")
    assert told in str(caught.value)
    assert "mine.yml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_scenario_names_those_there_are(tmp_path):
    (tmp_path / "one.yml").touch()
    (tmp_path / "two.yml").touch()
    with pytest.raises(ToolkitError, match="use one of: one, two"):
        load_scenario(tmp_path, "three")


def test_a_file_named_after_another_scenario_is_refused(tmp_path, request):
    sound = request.config.rootpath / "config" / "scenarios" / "channel_digest_ru.yml"
    (tmp_path / "mine.yml").write_bytes(sound.read_bytes())
    with pytest.raises(ToolkitError, match="the file says scenario_id: channel_digest_ru"):
        load_scenario(tmp_path, "mine")
