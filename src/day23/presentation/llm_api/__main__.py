"""`python -m day23.presentation.llm_api`."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: no idle threads and their memory

from day23.presentation.cli.command import run_command
from day23.presentation.llm_api.command import llm_api

if __name__ == "__main__":
    run_command(llm_api, recorded=False)
