"""One build of a committed Go module."""

import os
from collections.abc import Callable
from pathlib import Path

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from day23.domain.artifact import GoSource
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.children import ChildFailedError, Command
from day23.infrastructure.artifacts.entry_binaries import binary_path
from day23.infrastructure.artifacts.fetch_job import FetchJob
from day23.infrastructure.artifacts.go import BUILD_FLAGS, LDFLAGS
from day23.infrastructure.artifacts.toolchain import GoToolchain

_DOWNLOAD_ATTEMPTS = 3
_LOAD_FLAGS = ("-mod=readonly", "-modcacherw")
_PACKAGE = "package "


class GoBuild:
    """Downloads what one module needs and compiles its binaries.

    Args:
        version: Version of the program, for the linker flags.
        source: Packages, tags and flags.
        module: Folder of the module.
        job: Gives temporary folders, builders and the place for progress.
    """

    def __init__(self, version: str, source: GoSource, module: Path, job: FetchJob) -> None:
        self._source = source
        self._module = module
        self._job = job
        ldflags = " ".join((*LDFLAGS, *source.ldflags)).replace("{version}", version)
        self._load_flags = [*_LOAD_FLAGS, f"-tags={','.join(source.tags)}"]
        self._build_flags = ["-v", *BUILD_FLAGS, f"-ldflags={ldflags}", *self._load_flags]

    def run(self, toolchain: GoToolchain) -> Path:
        """Return a folder with the binaries, ready to become a cache entry.

        Raises:
            ToolkitError: A download or the compiler failed; says which and where the log is.
        """
        go = toolchain.command(self._module, self._job)
        environment = _environment(self._job.workshop.folder, go)
        packages = self._download(go, environment)
        staging = self._job.staging("binaries")
        with self._job.workshop.slots.reserve(self._source.memory_gb, self._queue):
            self._compile(go, environment, staging, packages)
        return staging

    def _queue(self) -> None:
        self._job.wait("waiting for a free builder")

    def _download(self, go: Path, environment: dict[str, str]) -> int:
        packages: set[str] = set()
        downloaded = 0

        def count(line: str) -> None:
            nonlocal downloaded
            if line.startswith(_PACKAGE):
                packages.add(line)
            elif line.startswith("go: downloading"):
                downloaded += 1
                self._job.progress.step("downloading Go modules", done=downloaded)

        command = ["list", "-deps", f"-f={_PACKAGE}{{{{.ImportPath}}}}", *self._load_flags]
        self._job.progress.step("downloading Go modules")
        for attempt in _retrying():
            with attempt:
                self._go(go, environment, [*command, *self._source.binaries.values()], count)
        return len(packages)

    def _compile(self, go: Path, environment: dict[str, str], staging: Path, packages: int) -> None:
        compiled = 0

        def count(_line: str) -> None:
            nonlocal compiled
            compiled += 1
            # Packages that another build of this run has compiled are not listed: `done` stays below.
            self._job.progress.step(f"compiling {packages} packages", done=compiled, total=packages)

        self._job.progress.step(f"compiling {packages} packages")
        for name, package in self._source.binaries.items():
            target = f"-o={binary_path(staging, name)}"
            self._go(go, environment, ["build", target, *self._build_flags, package], count)

    def _go(
        self, go: Path, environment: dict[str, str], words: list[str], on_line: Callable[[str], None]
    ) -> None:
        command = Command([str(go), *words], self._module, environment, self._job.log)
        try:
            self._job.workshop.children.run(command, on_line)
        except ChildFailedError as error:
            raise _GoFailedError(
                f"go {words[0]} failed: {error.tail.splitlines()[-1] if error.tail else error.what}",
                where=str(self._module),
                next_step=f"check that the module proxy answers (`go env GOPROXY`); {error.next_step}",
            ) from error


class _GoFailedError(ToolkitError):
    pass


def _retrying() -> Retrying:
    return Retrying(
        stop=stop_after_attempt(_DOWNLOAD_ATTEMPTS),
        wait=wait_exponential(multiplier=0.5, max=5),
        retry=retry_if_exception_type(_GoFailedError),
        reraise=True,
    )


def _environment(workshop: Path, go: Path) -> dict[str, str]:
    temporary = workshop / "tmp"
    temporary.mkdir(exist_ok=True)
    inherited = {name: value for name, value in os.environ.items() if name not in {"GOROOT", "GOWORK"}}
    return inherited | {
        "PATH": f"{go.parent}:{os.environ.get('PATH', os.defpath)}",
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "GOMODCACHE": str(workshop / "modules"),
        "GOCACHE": str(workshop / "builds"),
        "GOPATH": str(workshop / "gopath"),
        "GOTMPDIR": str(temporary),
        "GOTELEMETRY": "off",
    }
