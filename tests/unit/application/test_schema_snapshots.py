"""The committed schemas are those of the models, and say what the models say."""

import json
import math
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from day23.application.schema_snapshots import ARTEFACTS, snapshots
from day23.domain.benchmark_dataset import violations
from day23.presentation.cli.write_schemas import write_schemas
from rules_cases import DOCUMENTS, PLACES, VALUES, changed

SCHEMAS = Path(__file__).parents[3] / "config/schemas"
JUDGES = {
    name: jsonschema_rs.validator_for(
        json.loads((SCHEMAS / f"{name}.document.schema.json").read_text(encoding="utf-8")),
        validate_formats=True,
    )
    for name in DOCUMENTS
}


def as_json(document: dict[str, Any]) -> Any:
    return json.loads(json.dumps(document, default=datetime.isoformat))


@pytest.mark.parametrize("name", snapshots())
def test_committed_schemas_are_those_of_the_models(name: str) -> None:
    assert (SCHEMAS / name).read_text(encoding="utf-8") == snapshots()[name]


def test_a_schema_that_drifted_is_named_and_written_again(tmp_path: Path) -> None:
    runner = CliRunner()
    written = runner.invoke(write_schemas, ["--folder", str(tmp_path)])
    assert written.exit_code == 0
    assert len(list(tmp_path.iterdir())) == len(ARTEFACTS) + len(DOCUMENTS)
    (tmp_path / "manifest.schema.json").write_text("{}")
    refused = runner.invoke(write_schemas, ["--folder", str(tmp_path), "--check"])
    assert "1 schemas differ from their models: manifest.schema.json" in str(refused.exception)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_sound_documents_are_valid(name: str) -> None:
    JUDGES[name].validate(as_json(DOCUMENTS[name]))


@given(place=st.sampled_from(PLACES), value=VALUES, drop=st.booleans())
def test_schema_and_model_judge_every_document_alike(
    place: tuple[str, tuple[Any, ...]], value: Any, drop: bool
) -> None:
    if not drop and not _json_can_say(value):
        return
    name, document = changed(place, value, drop)
    broken = any(violation.is_structural for violation in violations(deepcopy(document), name))
    assert JUDGES[name].is_valid(as_json(document)) is not broken


def _json_can_say(value: Any) -> bool:
    """JSON has no dates, no NaN, and writes 0.0 where a whole number is meant, too."""
    if isinstance(value, float):
        return math.isfinite(value) and not value.is_integer()
    return not isinstance(value, datetime)
