"""What a role may say about its artefact."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from day23.domain.artifact import Artifact, Unavailable

SHA = "0" * 64


def test_an_artifact_names_at_least_one_source() -> None:
    with pytest.raises(ValidationError, match="name at least one source of path, archive, go"):
        Artifact.model_validate({"name": "loki", "version": "3.7.8"})


@pytest.mark.parametrize("path", [None, {"grafana": None}, {"grafana": "/bin/grafana", "other": None}])
def test_a_null_path_is_a_source_that_is_skipped(path: object) -> None:
    artifact = Artifact.model_validate({"name": "grafana", "version": "12", "path": path})
    assert artifact.declared() == ()


def test_a_single_path_is_the_program_of_the_artifact_s_name() -> None:
    artifact = Artifact(name="grafana", version="12", path="/opt/grafana/bin/grafana-12")
    assert artifact.host_paths() == {"grafana": Path("/opt/grafana/bin/grafana-12")}


@pytest.mark.parametrize(
    "source",
    [
        {"archive": {"url": "https://host/a.tgz", "sha256": None, "binaries": {"a": "a"}}},
        {"wheel": {"requirement": "a==1", "sha256": None, "binaries": {"a": "a"}}},
    ],
)
def test_a_source_without_a_checksum_is_skipped(source: dict[str, object]) -> None:
    assert Artifact.model_validate({"name": "loki", "version": "1", **source}).declared() == ()


def test_every_other_source_counts_as_declared() -> None:
    artifact = Artifact.model_validate(
        {
            "name": "loki",
            "version": "1",
            "path": "/usr/bin/loki",
            "archive": {"url": "https://host/a.tgz", "sha256": SHA, "binaries": {"a": "a"}},
            "go": {"module": "build/loki", "binaries": {"loki": "host/loki"}},
            "toolkit": {"binaries": {"python": "bin/python"}},
            "image": {
                "name": "docker.io/grafana/loki:3",
                "digest": f"sha256:{SHA}",
                "binaries": {"loki": "/usr/bin/loki"},
            },
        }
    )
    assert artifact.declared() == ("path", "archive", "go", "toolkit", "image")


@pytest.mark.parametrize("module", ["/etc", "../elsewhere", "build/../../elsewhere", ""])
def test_a_module_stays_inside_the_repository(module: str) -> None:
    with pytest.raises(ValidationError, match="inside its folder"):
        Artifact.model_validate(
            {"name": "loki", "version": "1", "go": {"module": module, "binaries": {"a": "a"}}}
        )


@pytest.mark.parametrize(
    "change",
    [
        {"checksum": SHA},
        {"path": "usr/bin/loki"},
        {"name": "../loki"},
        {"version": "1/2"},
        {"archive": {"url": "http://host/a.tgz", "sha256": SHA, "binaries": {"a": "a"}}},
        {"archive": {"url": "https://host/a.tgz", "sha256": "abc", "binaries": {"a": "a"}}},
        {"wheel": {"requirement": "a", "sha256": SHA, "binaries": {"a": "a"}}},
        {"wheel": {"requirement": "a==1", "sha256": SHA, "binaries": {}}},
        {"wheel": {"requirement": "a==1", "sha256": SHA, "binaries": {"../a": "a"}}},
    ],
)
def test_mistakes_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Artifact.model_validate({"name": "loki", "version": "1", "path": "/usr/bin/loki", **change})


@given(st.from_regex(r"[0-9a-f]{64}", fullmatch=True) | st.none(), st.sampled_from(["archive", "wheel"]))
def test_a_pinned_checksum_is_what_makes_a_download_usable(sha: str | None, kind: str) -> None:
    place = {"url": "https://host/a.tgz"} if kind == "archive" else {"requirement": "a==1"}
    artifact = Artifact.model_validate(
        {"name": "loki", "version": "1", kind: {**place, "sha256": sha, "binaries": {"a": "a"}}}
    )
    assert (kind in artifact.declared()) is (sha is not None)


def test_what_is_unavailable_explains_itself_as_an_error() -> None:
    answer = Unavailable("loki", "no network", where=str(Path("/cache")), next_step="try later")
    assert str(answer.error()) == "no network (/cache). Next: try later"
