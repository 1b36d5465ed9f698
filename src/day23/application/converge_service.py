"""Make one service run as its role says: observe, plan, check the candidate, swap, start or reload."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from day23.application.ports import ServiceEngine
from day23.application.service_ports import (
    ArtifactFinder,
    ConfigurationChecker,
    HostFiles,
    HttpReloader,
    ScrapeTargets,
    SecretKeeper,
    ServiceFiles,
    ServiceRecords,
)
from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.domain.errors import ToolkitError
from day23.domain.placement import ON_THE_HOST, Placement
from day23.domain.resolve_service import for_candidate, resolve
from day23.domain.resolved_service import ResolvedService
from day23.domain.scrape_target import scrape_target
from day23.domain.service_plan import Action, ServicePlan, plan, skip
from day23.domain.service_record import ServiceRecord, applied, skipped
from day23.domain.service_spec import ServiceSpec
from day23.domain.stack_paths import StackPaths


@dataclass(frozen=True, slots=True)
class ConvergePorts:
    """Everything that converging touches."""

    engine: ServiceEngine
    find_artifact: ArtifactFinder
    records: ServiceRecords
    secrets: SecretKeeper
    files: ServiceFiles
    host_files: HostFiles
    targets: ScrapeTargets
    checker: ConfigurationChecker
    reloader: HttpReloader


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One service as it shall be, and what the stack knows of it now."""

    spec: ServiceSpec
    service: ResolvedService
    record: ServiceRecord
    known: ServiceRecord | None
    present: Mapping[str, str]
    target: str | None

    @property
    def owned(self) -> frozenset[str]:
        """The configuration files that this service has had so far."""
        return frozenset(self.known.files if self.known else ())

    @property
    def configuration_is_news(self) -> bool:
        """Whether this configuration or program was never accepted before."""
        known = self.known
        return known is None or (known.core_hash, known.reload_hash, known.files) != (
            self.record.core_hash,
            self.record.reload_hash,
            self.record.files,
        )


class ConvergeService:
    """Converges one service; interrupted anywhere, the next run finishes the job.

    What runs is known by the engine, and the record claims it only after the engine was asked.

    Args:
        ports: Everything outside.
        paths: The stack root.
        bind: Address of this host that services are reached at.
        placement: How the stack's services find each other.
    """

    def __init__(
        self, ports: ConvergePorts, paths: StackPaths, bind: str, placement: Placement = ON_THE_HOST
    ) -> None:
        self._ports = ports
        self._paths = paths
        self._bind = bind
        self._placement = placement

    def run(self, spec: ServiceSpec, *, check_mode: bool = False) -> ServicePlan:
        """Converge the service of `spec`; in check mode only say what would happen.

        Raises:
            ToolkitError: Its artefact or a file that it reads is missing, its configuration was refused,
                or it did not start.
        """
        artifact = self._ports.find_artifact(spec.artifact)
        if isinstance(artifact, Unavailable):
            if spec.optional:
                return self._skip(spec, artifact, check_mode)
            if not check_mode:
                raise artifact.error()
            artifact = _expected(spec.artifact, spec)
        for file in spec.host_files:
            self._ports.host_files.refuse_other(file)
        wanted = self._wanted(spec, artifact)
        decided = self._plan(wanted)
        if not check_mode and decided.changed:
            self._apply(wanted, decided.action)
        return decided

    def _wanted(self, spec: ServiceSpec, artifact: ResolvedArtifact) -> _Wanted:
        service = resolve(spec, artifact, self._paths, self._bind, self._placement)
        known = self._ports.records.load(spec.name)
        own_files = {*service.files, *(known.files if known else ())}
        return _Wanted(
            spec=spec,
            service=service,
            record=applied(spec, service, artifact),
            known=known,
            present=self._ports.files.present(spec.name, own_files),
            target=scrape_target(spec, service),
        )

    def _plan(self, wanted: _Wanted) -> ServicePlan:
        observed = self._ports.engine.observe().get(wanted.spec.name)
        decided = plan(wanted.service, observed, wanted.known, wanted.present)
        if decided.changed or not self._description_differs(wanted):
            return decided
        return replace(decided, reasons=("its record or scrape target changed",))

    def _description_differs(self, wanted: _Wanted) -> bool:
        if not wanted.record.says_the_same(wanted.known):
            return True
        return self._ports.targets.present(wanted.spec.name) != wanted.target

    def _apply(self, wanted: _Wanted, action: Action) -> None:
        self._ports.secrets.ensure(wanted.spec.secrets)
        if wanted.service.check_argv and wanted.configuration_is_news:
            self._check_candidate(wanted.service)
        self._swap(wanted)
        if action in (Action.STARTED, Action.RESTARTED):
            self._ports.engine.start(wanted.service)
        elif action is Action.RELOADED:
            self._reload(wanted)
        self._ports.targets.write(wanted.spec.name, wanted.target)
        self._ports.records.save(wanted.record)

    def _check_candidate(self, service: ResolvedService) -> None:
        with self._ports.files.candidate_folder(service.name) as folder:
            candidate = for_candidate(service, folder)
            self._ports.files.write(candidate)
            complaint = self._ports.checker.complaint(candidate)
            if complaint is not None:
                kept = self._ports.files.keep_rejected(service.name, folder)
                raise _refused(service.name, complaint.replace(str(folder), str(kept)), kept)

    def _swap(self, wanted: _Wanted) -> None:
        if wanted.configuration_is_news:
            self._ports.records.save(wanted.record.claiming(wanted.owned))
        self._ports.files.write(wanted.service)
        self._ports.files.remove(wanted.spec.name, sorted(wanted.owned - set(wanted.service.files)))

    def _reload(self, wanted: _Wanted) -> None:
        reload = wanted.spec.reload
        if reload.signal is not None:
            self._ports.engine.reload(wanted.spec.name, reload.signal)
        if reload.http is None:
            return
        try:
            url = f"http://{wanted.service.endpoints[reload.port]}{reload.http}"
            self._ports.reloader.reload(url, within=wanted.spec.ready.within)
        except ToolkitError:
            # what is refused now would also keep the service from coming back after a crash
            self._ports.files.write(replace(wanted.service, files=wanted.present))
            raise

    def _skip(self, spec: ServiceSpec, missing: Unavailable, check_mode: bool) -> ServicePlan:
        reason = "; ".join(part for part in (missing.reason, spec.unavailable_hint) if part)
        known = self._ports.records.load(spec.name)
        decided = skip(spec.name, reason, known)
        if decided.changed and not check_mode:
            self._ports.engine.remove(spec.name)
            self._ports.targets.write(spec.name, None)
            self._ports.records.save(skipped(spec.name, reason, known))
        return decided


def _expected(artifact: Artifact, spec: ServiceSpec) -> ResolvedArtifact:
    """Return the artefact as it will be once fetched, for a prediction only."""
    binaries = {words[0]: Path(words[0]) for words in (spec.command, spec.check) if words}
    return ResolvedArtifact(artifact.name, artifact.version, "path", "", binaries, {})


def _refused(name: str, complaint: str, kept: Path) -> ToolkitError:
    return ToolkitError(
        f"{name} refuses its new configuration, so nothing was changed:\n{complaint}",
        where=str(kept),
        next_step=f"correct the variables or templates of the role {name}",
    )
