"""`POST /hooks/{receiver}`: every notification becomes an audit log line and a metric."""

import secrets
import time

from aiohttp import web
from pydantic import ValidationError

from day23.domain.errors import ToolkitError
from day23.domain.runtime_metrics import OTHER_ALERT, WEBHOOK_RECEIVERS
from day23.presentation.butler_sidecar.notification import Notification
from day23.wiring.runtime_telemetry import RuntimeTelemetry


class Webhooks:
    """Receives Alertmanager's notifications."""

    def __init__(self, telemetry: RuntimeTelemetry) -> None:
        self._telemetry = telemetry

    async def receive(self, request: web.Request) -> web.Response:
        """Record one notification: 200, or 400 and 404 with the reason."""
        receiver = request.match_info["receiver"]
        if receiver not in WEBHOOK_RECEIVERS:
            return _refused(404, f"no such receiver; use one of {', '.join(WEBHOOK_RECEIVERS)}")
        try:
            notification = Notification.model_validate_json(await request.read())
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, problem["loc"]))
            return _refused(400, f"{place}: {problem['msg']}" if place else problem["msg"])
        self._record(receiver, notification)
        return web.json_response({"status": "recorded"})

    def _record(self, receiver: str, notification: Notification) -> None:
        labels = {"receiver": receiver, "status": notification.status}
        self._count(labels, notification.alert_name)
        if receiver == "watchdog" and notification.status == "firing":
            self._telemetry.measure("butler_watchdog_timestamp_seconds", time.time())
        self._telemetry.audit(
            "alert notification",
            secrets.token_hex(16),
            action="alert_notification",
            actor="alertmanager",
            resource=notification.alert_name,
            outcome=notification.status,
            receiver=receiver,
            alerts=len(notification.alerts),
            group_labels=notification.group_labels,
        )

    def _count(self, labels: dict[str, str], alert_name: str) -> None:
        try:
            self._telemetry.measure("butler_notifications_total", 1, **labels, alertname=alert_name)
        except ToolkitError:  # more names than the catalogue's bound
            self._telemetry.measure("butler_notifications_total", 1, **labels, alertname=OTHER_ALERT)


def _refused(status: int, reason: str) -> web.Response:
    return web.json_response({"error": reason}, status=status)
