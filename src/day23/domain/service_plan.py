"""What has to happen so that a service runs as its role says; decided by hashes, never field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from day23.domain.observed_service import Observed
from day23.domain.resolved_service import ResolvedService
from day23.domain.service_record import ServiceRecord


class Action(StrEnum):
    """What becomes of a service."""

    UNCHANGED = "unchanged"
    RELOADED = "reloaded"
    RESTARTED = "restarted"
    STARTED = "started"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """The action for one service and why.

    Attributes:
        reasons: Why something changes; empty when nothing does.
        before: What `--diff` shows of the present, only the parts that change.
        after: The same parts as they will be.
    """

    name: str
    action: Action
    reasons: tuple[str, ...] = ()
    before: str = ""
    after: str = ""

    @property
    def changed(self) -> bool:
        """Whether carrying out the plan changes anything."""
        return bool(self.reasons)


def plan(
    service: ResolvedService,
    observed: Observed | None,
    record: ServiceRecord | None,
    present_files: Mapping[str, str],
) -> ServicePlan:
    """Decide what becomes of `service`; pure.

    Args:
        service: What shall run.
        observed: What the engine sees; None when it does not know the service.
        record: What the last finished run remembered.
        present_files: Contents of the service's own configuration files as they are now.
    """
    action, reasons = _decide(service, observed, record, present_files)
    if action is Action.UNCHANGED:
        return ServicePlan(service.name, action)
    before, after = _texts(service, record, present_files)
    return ServicePlan(service.name, action, reasons, before, after)


def skip(name: str, reason: str, record: ServiceRecord | None) -> ServicePlan:
    """Return the plan of an optional service that cannot run here; a change only when that is news."""
    is_news = record is None or record.state != "skipped" or record.reason != reason
    return ServicePlan(name, Action.SKIPPED, (reason,) if is_news else ())


def _decide(
    service: ResolvedService,
    observed: Observed | None,
    record: ServiceRecord | None,
    present_files: Mapping[str, str],
) -> tuple[Action, tuple[str, ...]]:
    if observed is None or not observed.state.is_alive:
        return Action.STARTED, (_why_not_running(observed),)
    edited = _differing(service, present_files, set(service.files) - set(service.reload_files))
    if observed.core_hash != service.core_hash or edited:
        return Action.RESTARTED, _restart_reasons(service, record, edited)
    edited = _differing(service, present_files, service.reload_files)
    if edited or (service.reload_files and _reloaded_hash(observed, record) != service.reload_hash):
        return Action.RELOADED, tuple(f"{path} changed" for path in edited) or ("reload was not confirmed",)
    return Action.UNCHANGED, ()


def _why_not_running(observed: Observed | None) -> str:
    if observed is None:
        return "it is new"
    return f"it is {observed.state.value}" + (f": {observed.detail}" if observed.detail else "")


def _reloaded_hash(observed: Observed, record: ServiceRecord | None) -> str:
    return record.reload_hash if record is not None else observed.reload_hash


def _differing(
    service: ResolvedService, present_files: Mapping[str, str], paths: Iterable[str]
) -> tuple[str, ...]:
    return tuple(path for path in sorted(paths) if present_files.get(path) != service.files[path])


def _restart_reasons(
    service: ResolvedService, record: ServiceRecord | None, edited: tuple[str, ...]
) -> tuple[str, ...]:
    reasons = [f"{path} changed" for path in edited]
    running = record.artifact if record else None
    if running and running.digest != service.artifact_digest:
        reasons.append(_artifact_reason(running.version, service.artifact_version))
    if record and record.endpoints != dict(service.endpoints):
        reasons.append("its ports changed")
    return tuple(reasons) or ("its command, environment or secrets changed",)


def _artifact_reason(old: str, new: str) -> str:
    return f"artefact {old} becomes {new}" if old != new else f"the content of artefact {new} changed"


def _texts(
    service: ResolvedService, record: ServiceRecord | None, present_files: Mapping[str, str]
) -> tuple[str, str]:
    paths = sorted(set(present_files) | set(service.files))
    differing = [path for path in paths if present_files.get(path) != service.files.get(path)]
    before = _artifact_line(record) + _files_text(service, present_files, differing)
    after = _service_line(service) + _files_text(service, service.files, differing)
    return before, after


def _artifact_line(record: ServiceRecord | None) -> str:
    if record is None or record.artifact is None:
        return ""
    return _line(record.artifact.version, record.artifact.digest, record.endpoints)


def _service_line(service: ResolvedService) -> str:
    return _line(service.artifact_version, service.artifact_digest, service.endpoints)


def _line(version: str, digest: str, endpoints: Mapping[str, str]) -> str:
    ports = " ".join(f"{name}={address}" for name, address in sorted(endpoints.items()))
    return f"artefact: {version} {digest[:12]}\nlistens: {ports}\n"


def _files_text(service: ResolvedService, contents: Mapping[str, str], paths: Iterable[str]) -> str:
    present = [path for path in paths if path in contents]
    return "".join(f"# {service.config_dir.name}/{path}\n{contents[path].rstrip()}\n" for path in present)
