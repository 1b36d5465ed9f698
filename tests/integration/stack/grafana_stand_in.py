"""Stands in for Grafana where none can be had: reads the settings and provisioning files that Grafana reads.

Its keys are those of Grafana's `conf/defaults.ini` and of the provisioning documentation; what it does not
know, it refuses to start with. Like Grafana, it takes the password of the settings only when it has no
database yet, and looks at the dashboards again while it runs.
"""

import base64
import json
import re
import sys
from configparser import ConfigParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

KNOWN_SETTINGS = {
    "server": {"http_addr", "http_port"},
    "paths": {"data", "logs", "plugins", "provisioning"},
    "security": {"admin_password", "secret_key", "disable_gravatar"},
    "analytics": {
        *("reporting_enabled", "check_for_updates", "check_for_plugin_updates", "feedback_links_enabled"),
    },
    "news": {"news_feed_enabled"},
    "plugins": {"preinstall_disabled"},
    "snapshots": {"external_enabled"},
    "auth.anonymous": {"enabled"},
    "users": {"allow_sign_up"},
    "log": {"mode"},
    "log.console": {"format"},
}
KNOWN_SOURCE = {"name", "uid", "type", "access", "isDefault", "editable", "url", "jsonData"}
KNOWN_PROVIDER = {
    *("name", "type", "folder", "disableDeletion", "allowUiUpdates", "updateIntervalSeconds", "options"),
}


def read_settings(file: Path) -> dict[str, dict[str, str]]:
    parser = ConfigParser(interpolation=None)
    parser.read_string(file.read_text(encoding="utf-8"))
    settings = {name: dict(parser[name]) for name in parser.sections()}
    for name, section in settings.items():
        refuse_unknown(name, section, KNOWN_SETTINGS.get(name, set()))
    return settings


def refuse_unknown(where: str, given: Any, known: set[str]) -> None:
    if unknown := set(given) - known:
        sys.exit(f"{where}: unknown {', '.join(sorted(unknown))}")


def expanded(value: str) -> str:
    """Return what a setting means: `$__file{path}` is the file's content without its newline."""
    found = re.fullmatch(r"\$__file\{(.+)\}", value)
    return Path(found[1]).read_text(encoding="utf-8").strip() if found else value


def provisioned(folder: Path, kind: str, key: str, known: set[str]) -> list[dict[str, Any]]:
    found = []
    for file in sorted((folder / kind).glob("*.yml")):
        for each in yaml.safe_load(file.read_text(encoding="utf-8"))[key]:
            refuse_unknown(file.name, each, known)
            found.append(each)
    return found


class Grafana:
    def __init__(self, settings: dict[str, dict[str, str]]) -> None:
        provisioning = Path(settings["paths"]["provisioning"])
        self.sources = provisioned(provisioning, "datasources", "datasources", KNOWN_SOURCE)
        self.providers = provisioned(provisioning, "dashboards", "providers", KNOWN_PROVIDER)
        self.settings = settings
        self.database = Path(settings["paths"]["data"], "grafana.db")
        if not self.database.exists():
            self.database.write_text(expanded(settings["security"]["admin_password"]))

    def knows(self, authorization: str) -> bool:
        wanted = f"admin:{self.database.read_text()}".encode()
        return authorization == f"Basic {base64.b64encode(wanted).decode()}"

    def dashboard(self, uid: str) -> dict[str, Any] | None:
        folders = [Path(each["options"]["path"]) for each in self.providers]
        found = [json.loads(file.read_bytes()) for each in folders for file in each.glob("*.json")]
        return next(({"dashboard": each} for each in found if each["uid"] == uid), None)

    def source(self, uid: str) -> dict[str, Any] | None:
        return next((each for each in self.sources if each["uid"] == uid), None)


class Handler(BaseHTTPRequestHandler):
    grafana: Grafana

    def do_GET(self) -> None:
        if self.path in {"/api/health", "/metrics"}:
            return self.answer(200, {"database": "ok"} if self.path == "/api/health" else None)
        if not self.grafana.knows(self.headers.get("Authorization", "")):
            return self.answer(401, {"message": "Invalid username or password"})
        kind, _, uid = self.path.removeprefix("/api/").partition("/uid/")
        finders = {"dashboards": self.grafana.dashboard, "datasources": self.grafana.source}
        found = {"login": "admin"} if self.path == "/api/user" else finders[kind](uid)
        return self.answer(200 if found else 404, found)

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/api/user/password" or not self.grafana.knows(self.headers["Authorization"]):
            return self.answer(401, {"message": "Invalid username or password"})
        if body["oldPassword"] != self.grafana.database.read_text():
            return self.answer(401, {"message": "Invalid old password"})
        self.grafana.database.write_text(body["newPassword"])
        return self.answer(200, {"message": "User password changed"})

    def answer(self, status: int, body: Any) -> None:
        content = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing: passwords stand in headers."""


def main() -> None:
    [file] = [word.removeprefix("--config=") for word in sys.argv if word.startswith("--config=")]
    settings = read_settings(Path(file))
    Handler.grafana = Grafana(settings)
    address = (settings["server"]["http_addr"], int(settings["server"]["http_port"]))
    ThreadingHTTPServer(address, Handler).serve_forever()


if __name__ == "__main__":
    main()
