from day23.presentation.cli.command import run_command
from day23.presentation.cli.compress_jsonl import compress_jsonl

run_command(compress_jsonl)
