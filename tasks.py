"""Invoke's entry point: `invoke --list` shows the words, `invoke --help day23.up` their arguments."""

from pathlib import Path

from day23.presentation.invoke_tasks import make_namespace

ns = make_namespace(project=str(Path(__file__).resolve().parent))
