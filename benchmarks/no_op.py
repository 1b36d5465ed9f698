"""What a run costs that has nothing to do: `invoke day23.up -i ryzen` beside `docker compose up -d`.

    invoke day23.up -i ryzen
    .venv/bin/python benchmarks/no_op.py

The services of the stack are described to Compose as their containers are, once, under another project:
without network and with their state in memory, so that both can run at the same time. Then both commands run
in turns. The figures go to `benchmarks/results/no_op.json` and, between markers, to the page of figures.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import yaml
from figures_page import host, write_part

from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.presentation.cli.command import run_command

REPOSITORY = Path(__file__).resolve().parents[1]
RESULT = REPOSITORY / "benchmarks/results/no_op.json"
PROJECT = "day23-no-op"

Figures = dict[str, list[float]]


@click.command()
@click.option("--stack-root", type=click.Path(path_type=Path, exists=True), default=REPOSITORY / ".day23")
@click.option("--port-offset", default=0)
@click.option("--runs", default=10, type=click.IntRange(min=3))
@click.option("--compose", default="docker compose", help="Command of Compose.")
def measure(stack_root: Path, port_offset: int, runs: int, compose: str) -> None:
    """Measure a stack that is up, then write the figures down."""
    words = compose.split()
    up = ["invoke", "day23.up", "-i", "ryzen", "--json", f"--stack-root={stack_root}"]
    up += [f"--port-offset={port_offset}"]
    with TemporaryDirectory() as folder:
        file = Path(folder, "compose.yml")
        services = composed(stack_root.resolve())
        file.write_text(yaml.safe_dump({"name": PROJECT, "services": services}), encoding="utf-8")
        same = [*words, "-f", str(file), "up", "-d"]
        try:
            called(same)
            figures = interleaved(runs, up, same)
        finally:
            called([*words, "-f", str(file), "down", "--volumes", "--timeout", "1"])
    result = {**circumstances(words, runs, sorted(services)), "seconds": figures}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    write_part("no-op", page(result))
    print(page(result))


def composed(stack_root: Path) -> dict[str, Any]:
    """Return the stack's containers as services of Compose."""
    with DaemonSocket() as asked:
        listed = asked.containers(f"day23.root={stack_root}", "day23.service")
        found = [asked.container(each["Id"]) for each in listed]
    return {each["Config"]["Labels"]["day23.service"]: composed_service(each) for each in found if each}


def composed_service(container: Mapping[str, Any]) -> dict[str, Any]:
    """Return one container as a service of Compose."""
    config, host = container["Config"], container["HostConfig"]
    state = [mount["Target"] for mount in host["Mounts"] if not mount.get("ReadOnly")]
    shared = [f"{mount['Source']}:{mount['Target']}:ro" for mount in host["Mounts"] if mount.get("ReadOnly")]
    owner = "uid={},gid={}".format(*config["User"].split(":"))
    return {
        "image": config["Image"],
        "user": config["User"],
        "entrypoint": escaped(config["Entrypoint"]),
        "command": escaped(config["Cmd"]),
        "environment": escaped(config["Env"]),
        "working_dir": config["WorkingDir"],
        "volumes": shared,
        "tmpfs": ["/tmp", *(f"{target}:{owner}" for target in state)],  # noqa: S108
        "network_mode": "none",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": host["SecurityOpt"],
        "mem_limit": host["Memory"],
        "pids_limit": host["PidsLimit"],
        "restart": "always",
        "stop_signal": config["StopSignal"],
    }


def escaped(words: Sequence[str]) -> list[str]:
    """Return words as Compose takes them: it fills in what follows a dollar."""
    return [word.replace("$", "$$") for word in words]


def interleaved(runs: int, up: Sequence[str], same: Sequence[str]) -> Figures:
    """Run both commands in turns, once more than counted: the first turn warms the caches."""
    figures: Figures = {"up": [], "service calls": [], "ansible and invoke": [], "compose": []}
    for _ in range(runs + 1):
        spent, output = timed(up)
        outcome = json.loads(output)
        if outcome["totals"]["changed"]:
            raise click.ClickException("the run changed something: bring the stack up first")
        modules = outcome["module_seconds"]
        figures["up"].append(spent)
        figures["service calls"].append(modules["service"])
        figures["ansible and invoke"].append(spent - sum(modules.values()))
        figures["compose"].append(timed(same)[0])
    return {name: [round(each, 3) for each in values[1:]] for name, values in figures.items()}


def timed(words: Sequence[str]) -> tuple[float, str]:
    """Return how long a command took, and what it printed."""
    began = time.perf_counter()
    output = called(words)
    return time.perf_counter() - began, output


def called(words: Sequence[str]) -> str:
    """Return what a command printed; leave where it fails."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    finished = subprocess.run(
        words, cwd=REPOSITORY, env={**os.environ, "PATH": path}, check=False, capture_output=True, text=True
    )
    if finished.returncode:
        raise click.ClickException(f"{' '.join(words)}: {finished.stderr.strip()[-800:]}")
    return finished.stdout


def circumstances(compose: Sequence[str], runs: int, services: Sequence[str]) -> dict[str, Any]:
    """Return what the figures depend on."""
    with DaemonSocket() as asked:
        docker = asked.version()["Version"]
    return {
        **host(),
        "docker": docker,
        "compose": called([*compose, "version"]).strip(),
        "ansible": called(["ansible", "--version"]).splitlines()[0],
        "runs": runs,
        "services": list(services),
    }


def page(result: Mapping[str, Any]) -> str:
    """Return the part of the page between its markers."""
    seconds = result["seconds"]
    compose = statistics.median(seconds["compose"])
    rows = [
        ("`invoke day23.up -i ryzen`, whole", "up"),
        ("of it, the calls of `day23_service`, one process each", "service calls"),
        ("of it, Ansible and Invoke themselves", "ansible and invoke"),
        ("`docker compose up -d`", "compose"),
    ]
    table = [f"| {title} | {figures(seconds[name], compose)} |" for title, name in rows]
    services = result["services"]
    told = f"{len(services)} services that run as described ({', '.join(services)}): "
    told += f"{result['runs']} runs each, in turns, after one that does not count."
    where = f"{result['machine']}; Docker {result['docker']}; {result['compose']}; {result['ansible']}; "
    where += f"Python {result['Python']}; load average at the end {result['load average']}; "
    where += f"{result['measured at']}."
    head = ["| command | median | fastest | slowest | times Compose |", "|---|---|---|---|---|"]
    return "\n".join([told, "", *head, *table, "", where])


def figures(values: Sequence[float], compose: float) -> str:
    """Return the cells of one row."""
    middle = statistics.median(values)
    spread = f"{min(values):.3f} s | {max(values):.3f} s"
    return f"{middle:.3f} s | {spread} | {middle / compose:.0f}"


if __name__ == "__main__":
    run_command(measure)
