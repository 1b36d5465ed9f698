"""Silences and alerts of the validation's own in Alertmanager."""

from datetime import UTC, datetime, timedelta
from typing import Any

from day23.domain.restart.snapshot import Silence
from day23.infrastructure.restart.answers import Answers, send

CANARY_ALERT, SILENCED_ALERT = "RestartCanary", "RestartSilenced"

_LIFETIME = timedelta(hours=2)
_TOOL = "day23 restart validation"


class AlertDesk:
    """Talks to one Alertmanager.

    Args:
        base: Its base URL.
    """

    def __init__(self, base: str, answers: Answers) -> None:
        self._api = f"{base}/api/v2"
        self._answers = answers

    def silences(self) -> dict[str, Silence]:
        """Return every silence that has not expired, by id."""
        found = self._answers.get("alertmanager_silences", self._api, "/silences")
        return {each["id"]: _silence(each) for each in found if each["status"]["state"] != "expired"}

    def silence(self, run_id: str) -> str:
        """Silence the run's second alert; return the silence's id."""
        now = datetime.now(UTC)
        matchers = [
            {"name": name, "value": value, "isRegex": False, "isEqual": True}
            for name, value in (("alertname", SILENCED_ALERT), ("run", run_id))
        ]
        body = {"matchers": matchers, "startsAt": now.isoformat(), "endsAt": (now + _LIFETIME).isoformat()}
        answer = send("POST", f"{self._api}/silences", body | {"createdBy": _TOOL, "comment": run_id})
        return str(answer["silenceID"])

    def fire(self, run_id: str) -> None:
        """Post both alerts of the run, as Prometheus does again and again while a rule holds."""
        self._post(run_id, datetime.now(UTC) + _LIFETIME)

    def resolve(self, run_id: str, silence: str) -> None:
        """End both alerts of the run and its silence."""
        self._post(run_id, datetime.now(UTC))
        send("DELETE", f"{self._api}/silence/{silence}")

    def _post(self, run_id: str, ends: datetime) -> None:
        starts = datetime.now(UTC) - timedelta(minutes=1)
        alerts: list[dict[str, Any]] = [
            {
                "labels": {
                    "alertname": name,
                    "run": run_id,
                    "service": "restart_validation",
                    "severity": "none",
                },
                "annotations": {"summary": "A restart validation is under way"},
                "startsAt": starts.isoformat(),
                "endsAt": ends.isoformat(),
            }
            for name in (CANARY_ALERT, SILENCED_ALERT)
        ]
        send("POST", f"{self._api}/alerts", alerts)


def _silence(each: dict[str, Any]) -> Silence:
    matchers = ", ".join(
        sorted(f"{one['name']}{'=' if one['isEqual'] else '!='}{one['value']}" for one in each["matchers"])
    )
    return Silence(matchers=matchers, ends_at=each["endsAt"], active=each["status"]["state"] == "active")
