"""What Alertmanager sends to a webhook (version 4 of its format)."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from day23.domain.runtime_metrics import OTHER_ALERT

MOST_ALERTS = 1000

_ALERT_NAME = re.compile(r"[A-Z][A-Za-z0-9]{1,63}")

ShortText = Annotated[str, Field(max_length=2048)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Alert(_Part):
    """One alert of the group."""

    status: Literal["firing", "resolved"]
    labels: dict[ShortText, ShortText] = {}
    fingerprint: ShortText = ""


class Notification(_Part):
    """One notification about a group of alerts."""

    status: Literal["firing", "resolved"]
    receiver: ShortText = ""
    group_labels: dict[ShortText, ShortText] = Field(default={}, alias="groupLabels")
    common_labels: dict[ShortText, ShortText] = Field(default={}, alias="commonLabels")
    alerts: Annotated[tuple[Alert, ...], Field(max_length=MOST_ALERTS)] = ()

    @property
    def alert_name(self) -> str:
        """The group's alert name, fit for a label."""
        name = self.group_labels.get("alertname") or self.common_labels.get("alertname") or OTHER_ALERT
        return name if _ALERT_NAME.fullmatch(name) else OTHER_ALERT
