"""Runs the validation command that a service brings, such as `promtool check config`."""

import subprocess

from day23.domain.resolved_service import ResolvedService
from day23.infrastructure.bare_environment import bare_environment

_CHECK_SECONDS = 120
_SHOWN_LINES = 20


class CommandChecker:
    """Implements `ConfigurationChecker`: exit status 0 accepts."""

    def complaint(self, service: ResolvedService) -> str | None:
        """Return what the checker says against the service's files, or None when it accepts them."""
        try:
            finished = subprocess.run(
                service.check_argv,
                cwd=service.config_dir,
                env=bare_environment() | dict(service.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=_CHECK_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"its check did not end within {_CHECK_SECONDS} s"
        except OSError as error:
            return f"its check cannot be run: {error.strerror}"
        if finished.returncode == 0:
            return None
        lines = [line for line in finished.stdout.splitlines() if line.strip()]
        return "\n".join(lines[-_SHOWN_LINES:]) or f"its check left with status {finished.returncode}"
