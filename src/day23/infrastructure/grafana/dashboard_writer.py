"""Writes a dashboard as the JSON that Grafana provisions.

Needs `grafana-foundation-sdk`, a development extra: the written files are committed, so a host needs no SDK.
"""

from itertools import count
from typing import Any

import orjson
from grafana_foundation_sdk.builders import (
    bargauge,
    dashboard,
    logs,
    loki,
    prometheus,
    stat,
    statetimeline,
    table,
    timeseries,
)
from grafana_foundation_sdk.builders.common import ReduceDataOptions, VizLegendOptions
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models

from day23.domain.dashboard import (
    Dashboard,
    DataSource,
    Panel,
    PanelKind,
    PanelQuery,
    Threshold,
    ValueName,
    Variable,
)
from day23.domain.dashboard_layout import COLUMNS, placed
from day23.infrastructure.grafana.dashboard_reader import EMPTY_BY_DESIGN

_HEADING_ROWS = 1
_REFRESH = "30s"
_TAG = "day23"
_DATA_SOURCE_TITLES = {DataSource.PROMETHEUS: "Data source", DataSource.LOKI: "Log source"}
_BUILDERS: dict[PanelKind, Any] = {
    PanelKind.TIME_SERIES: timeseries.Panel,
    PanelKind.STAT: stat.Panel,
    PanelKind.BAR_GAUGE: bargauge.Panel,
    PanelKind.STATE_TIMELINE: statetimeline.Panel,
    PanelKind.TABLE: table.Panel,
    PanelKind.LOGS: logs.Panel,
}
_REDUCED = (PanelKind.STAT, PanelKind.BAR_GAUGE)


def dashboard_json(page: Dashboard) -> bytes:
    """Return the JSON document of a dashboard: sorted keys, two spaces, one newline at its end."""
    encoded = JSONEncoder(sort_keys=True).encode(_page(page).build())
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(orjson.loads(encoded), option=options)


def data_source_variable(source: DataSource) -> str:
    """Return the variable that chooses a server: `datasource`, and `loki_datasource` beside it."""
    return "datasource" if source is DataSource.PROMETHEUS else f"{source}_datasource"


def _page(page: Dashboard) -> dashboard.Dashboard:
    builder = (
        dashboard.Dashboard(page.title)
        .uid(page.uid)
        .description(page.description)
        .tags([_TAG])
        .readonly()
        .timezone("utc")
        .refresh(_REFRESH)
        .time(f"now-{page.window_hours}h", "now")
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
    )
    for source in page.sources:
        builder.with_variable(_choice_of_server(source))
    for variable in page.variables:
        builder.with_variable(_choice(variable))
    _place(builder, page)
    return builder


def _choice_of_server(source: DataSource) -> dashboard.DatasourceVariable:
    return (
        dashboard.DatasourceVariable(data_source_variable(source))
        .label(_DATA_SOURCE_TITLES[source])
        .type(source.value)
        .current(models.VariableOption(selected=True, text=source.value, value=source.value))
    )


def _choice(variable: Variable) -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable(variable.name)
        .label(variable.title)
        .datasource(_server(variable.source))
        .query(f"label_values({', '.join(filter(None, (variable.metric, variable.label)))})")
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(models.VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .current(models.VariableOption(selected=True, text="All", value="$__all"))
    )


def _place(builder: dashboard.Dashboard, page: Dashboard) -> None:
    numbers = count(1)
    for section in placed(page, _HEADING_ROWS):
        heading = dashboard.Row(section.section.title)
        builder.with_row(heading.grid_pos(_at(0, section.top, COLUMNS, _HEADING_ROWS)))
        for one in section.panels:
            place = _at(one.left, one.top, one.panel.width, one.panel.height)
            builder.with_panel(_panel(one.panel).id(next(numbers)).grid_pos(place))


def _at(left: int, top: int, width: int, height: int) -> models.GridPos:
    return models.GridPos(x=left, y=top, w=width, h=height)


def _server(source: DataSource) -> common_models.DataSourceRef:
    return common_models.DataSourceRef(type_val=source.value, uid=f"${{{data_source_variable(source)}}}")


def _panel(panel: Panel) -> Any:
    builder = (
        _BUILDERS[panel.kind]()
        .title(panel.title)
        .description(_description(panel))
        .datasource(_server(panel.source))
        .unit(panel.unit)
    )
    if panel.minimum is not None:
        builder.min(panel.minimum)
    if panel.maximum is not None:
        builder.max(panel.maximum)
    if panel.thresholds:
        builder.thresholds(_thresholds(panel.thresholds))
    if panel.value_names:
        builder.mappings([_names(panel.value_names)])
    if panel.empty_by_design:
        builder.no_value("nothing yet")
    for number, query in enumerate(panel.queries):
        builder.with_target(_target(panel, query, "ABCDEFGH"[number]))
    _look(panel, builder)
    return builder


def _description(panel: Panel) -> str:
    if not panel.empty_by_design:
        return panel.description
    return f"{panel.description}\n\n{EMPTY_BY_DESIGN}{panel.empty_by_design}"


def _thresholds(steps: tuple[Threshold, ...]) -> dashboard.ThresholdsConfig:
    return (
        dashboard.ThresholdsConfig()
        .mode(models.ThresholdsMode.ABSOLUTE)
        .steps([models.Threshold(color=step.colour.value, value=step.value) for step in steps])
    )


def _names(names: tuple[ValueName, ...]) -> models.ValueMap:
    options = {
        str(name.value): models.ValueMappingResult(text=name.text, color=name.colour.value, index=position)
        for position, name in enumerate(names)
    }
    return models.ValueMap(options=options)


def _target(panel: Panel, query: PanelQuery, name: str) -> Any:
    if panel.source is DataSource.LOKI:
        kind = "instant" if query.instant else "range"
        return (
            loki.Dataquery().ref_id(name).expr(query.expression).legend_format(query.legend).query_type(kind)
        )
    target = prometheus.Dataquery().ref_id(name).expr(query.expression).legend_format(query.legend)
    return target.instant() if query.instant else target.range()


def _look(panel: Panel, builder: Any) -> None:
    """Set what only one kind of panel has."""
    if panel.kind in _REDUCED:
        builder.reduce_options(ReduceDataOptions().calcs(["lastNotNull"]).values(False))
    if panel.kind is PanelKind.TIME_SERIES:
        legend = VizLegendOptions().display_mode(common_models.LegendDisplayMode.LIST)
        builder.legend(legend.placement(common_models.LegendPlacement.BOTTOM).show_legend(True))
        builder.fill_opacity(8).line_width(2)
        builder.show_points(common_models.VisibilityMode.AUTO)
    if panel.kind is PanelKind.BAR_GAUGE:
        builder.orientation(common_models.VizOrientation.HORIZONTAL)
    if panel.kind is PanelKind.LOGS:
        builder.show_time(True).wrap_log_message(True).sort_order(common_models.LogsSortOrder.DESCENDING)
