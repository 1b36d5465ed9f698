"""What molecule runs on a scenario's host is no test of this process."""

import os

if "MOLECULE_SCENARIO_NAME" not in os.environ:
    collect_ignore = ["shared"]
