"""Reads the dashboards that Grafana provisions back into the toolkit's own model."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from day23.domain.dashboard import (
    Colour,
    Dashboard,
    DataSource,
    Panel,
    PanelKind,
    PanelQuery,
    Section,
    Threshold,
    ValueName,
    Variable,
)
from day23.domain.errors import ToolkitError

EMPTY_BY_DESIGN = "Empty by design: "
"""Starts the last paragraph of a panel's description where an empty answer is right."""

_LABEL_VALUES = re.compile(r"label_values\(((?P<metric>.+), )?(?P<label>\w+)\)")
_WINDOW = re.compile(r"now-(?P<hours>\d+)h")


class _Json(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _DataSource(_Json):
    type: DataSource


class _Target(_Json):
    expr: str
    legend: str = Field(default="", alias="legendFormat")
    instant: bool = False
    query_type: str = Field(default="", alias="queryType")


class _Step(_Json):
    color: Colour
    value: float | None


class _Thresholds(_Json):
    steps: list[_Step] = []


class _Meaning(_Json):
    text: str
    color: Colour


class _Mapping(_Json):
    options: dict[int, _Meaning]


class _Defaults(_Json):
    unit: str = ""
    min: float | None = None
    max: float | None = None
    thresholds: _Thresholds = _Thresholds()
    mappings: list[_Mapping] = []


class _FieldConfig(_Json):
    defaults: _Defaults = _Defaults()


class _Position(_Json):
    w: int
    h: int


class _Row(_Json):
    type: Literal["row"]
    title: str


class _Panel(_Json):
    type: PanelKind
    title: str
    description: str
    datasource: _DataSource
    field_config: _FieldConfig = Field(default=_FieldConfig(), alias="fieldConfig")
    position: _Position = Field(alias="gridPos")
    targets: list[_Target] = Field(min_length=1)


class _Variable(_Json):
    name: str
    label: str
    type: str
    query: str
    datasource: _DataSource | None = None


class _Templating(_Json):
    entries: tuple[_Variable, ...] = Field(default=(), alias="list")


class _Time(_Json):
    start: str = Field(alias="from", pattern=_WINDOW.pattern)


class _Page(_Json):
    uid: str
    title: str
    description: str
    panels: list[_Row | _Panel]
    templating: _Templating = _Templating()
    time: _Time


def read_dashboards(folder: Path) -> tuple[Dashboard, ...]:
    """Return every dashboard of a folder, by file name.

    Raises:
        ToolkitError: A file is no dashboard that the toolkit understands; names file, line or field.
    """
    return tuple(read_dashboard(path) for path in sorted(folder.glob("*.json")))


def read_dashboard(path: Path) -> Dashboard:
    """Return one dashboard.

    Raises:
        ToolkitError: As `read_dashboards`.
    """
    page = _parse(path)
    hours = _WINDOW.fullmatch(page.time.start)
    return Dashboard(
        name=path.stem,
        uid=page.uid,
        title=page.title,
        description=page.description,
        sections=tuple(_sections(page.panels)),
        variables=tuple(_variable(one, path) for one in page.templating.entries if one.type == "query"),
        window_hours=int(hours["hours"]) if hours else 1,
    )


def _parse(path: Path) -> _Page:
    try:
        return _Page.model_validate(orjson.loads(path.read_bytes()))
    except orjson.JSONDecodeError as error:
        raise ToolkitError(
            f"not JSON: {error.msg}",
            where=f"{path}:{error.lineno}",
            next_step=".venv/bin/day23 dashboards write",
        ) from None
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in problem["loc"])
        raise ToolkitError(
            f"not a dashboard of this toolkit: {field}: {problem['msg']}",
            where=str(path),
            next_step=".venv/bin/day23 dashboards write",
        ) from None


def _sections(entries: list[_Row | _Panel]) -> Iterator[Section]:
    title, panels = "", list[Panel]()
    for entry in entries:
        if isinstance(entry, _Panel):
            panels.append(_panel(entry))
            continue
        if panels:
            yield Section(title, tuple(panels))
        title, panels = entry.title, []
    yield Section(title, tuple(panels))


def _panel(entry: _Panel) -> Panel:
    description, _, reason = entry.description.partition(f"\n\n{EMPTY_BY_DESIGN}")
    defaults = entry.field_config.defaults
    return Panel(
        title=entry.title,
        description=description,
        queries=tuple(_query(target) for target in entry.targets),
        unit=defaults.unit,
        kind=entry.type,
        source=entry.datasource.type,
        thresholds=tuple(Threshold(step.value, step.color) for step in defaults.thresholds.steps),
        value_names=tuple(_value_names(defaults.mappings)),
        minimum=defaults.min,
        maximum=defaults.max,
        width=entry.position.w,
        height=entry.position.h,
        empty_by_design=reason,
    )


def _query(target: _Target) -> PanelQuery:
    return PanelQuery(target.expr, target.legend, target.instant or target.query_type == "instant")


def _value_names(mappings: list[_Mapping]) -> Iterator[ValueName]:
    for mapping in mappings:
        for value, meaning in sorted(mapping.options.items()):
            yield ValueName(value, meaning.text, meaning.color)


def _variable(entry: _Variable, path: Path) -> Variable:
    asked = _LABEL_VALUES.fullmatch(entry.query)
    if asked is None or entry.datasource is None:
        raise ToolkitError(
            f"variable {entry.name} is not label_values(metric, label) or label_values(label)",
            where=str(path),
        )
    return Variable(entry.name, entry.label, asked["metric"] or "", asked["label"], entry.datasource.type)
