"""Which dashboards and data sources a Grafana has."""

import base64

from day23.infrastructure.restart.answers import send


class GrafanaReader:
    """Asks one Grafana.

    Args:
        base: Its base URL.
        password: Of the user `admin`.
    """

    def __init__(self, base: str, password: str) -> None:
        self._base = base
        self._credentials = base64.b64encode(f"admin:{password}".encode()).decode()

    def dashboards(self) -> tuple[str, ...]:
        """Return the uid of every dashboard."""
        return self._uids("/api/search?type=dash-db&limit=5000")

    def datasources(self) -> tuple[str, ...]:
        """Return the uid of every data source."""
        return self._uids("/api/datasources")

    def _uids(self, path: str) -> tuple[str, ...]:
        answer = send("GET", f"{self._base}{path}", Authorization=f"Basic {self._credentials}")
        return tuple(sorted(str(each["uid"]) for each in answer or ()))
