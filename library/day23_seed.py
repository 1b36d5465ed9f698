#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_seed
short_description: Seed the benchmark dataset
description:
  - Stores one digest and one review report per channel and day of a window of whole UTC days in MongoDB.
  - Posts come from Telegram Desktop exports below O(source); days without posts, and everything when
    O(source) is not given, get synthetic posts, which the documents say.
  - Digests are made by the LLM API, review reports are computed from digest and posts.
  - Writes C(channel_counts.json), C(dataset_audit.json) and C(ru_spotcheck.md) to
    C(snapshots/<UTC date>) below O(dataset_dir).
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  source:
    description:
      - Folder with one folder per channel, each with C(result*.json).
      - Relative paths start at O(stack.repository).
      - V(web) reads public preview pages instead, over the network; a folder of that name is C(./web).
    type: path
  zone:
    description: Time zone of exports that state none (before 2022), as C(Europe/Moscow); UTC by default.
    type: str
  channels_map:
    description: Folder by channel name, for folders that are not named as their channel.
    type: dict
    default: {}
  skip_bad:
    description: Leave out files that cannot be used, and count them, instead of failing.
    type: bool
    default: false
  channels:
    description:
      - Channels to seed, with or without C(@).
      - The default is all that O(source) has, else the five of the plan.
    type: list
    elements: str
    default: []
  until:
    description:
      - Last day of the window, C(YYYY-MM-DD), or C(auto) for the day of the last post, or C(now).
    type: str
    default: now
  days:
    description: Length of the window.
    type: int
    default: 30
  minimum:
    description: Distinct days each channel must have, for the audit.
    type: int
    default: 30
  max_concurrency:
    description: Calls to the LLM API at a time.
    type: int
    default: 4
  judge_votes:
    description: How often the LLM API judges each digest, too; 0 for not at all, else at least 3.
    type: int
    default: 0
  dataset_dir:
    description: Folder of snapshots, exports and benchmarks; relative paths start at O(stack.repository).
    type: path
    default: data/benchmarks
  evidence_dir:
    description: Folder that gets C(seed.json).
    type: path
attributes:
  check_mode:
    support: full
    description: Reads the exports and tells how many documents would be stored.
  diff_mode:
    support: none
    description: The dataset is data; see RV(summary).
  idempotent:
    support: full
    description: Documents that are stored are left alone.
"""

EXAMPLES = r"""
- name: Seed the last 30 days that the exports have
  day23_seed:
    stack: "{{ stack_context }}"
    source: /srv/telegram
    until: auto

- name: Seed the synthetic set
  day23_seed:
    stack: "{{ stack_context }}"
"""

RETURN = r"""
summary:
  description: Window, and per channel what was read, stored, unchanged and rejected.
  returned: when not in check mode
  type: dict
  sample: {window_start: "2024-11-05T00:00:00Z", channels: [], trace_id: 4bf92f3577b34da6a3ce929d0e0e4736}
forecast:
  description: Documents that would be stored per channel.
  returned: in check mode
  type: list
  elements: dict
  sample: [{channel: "@habr", digests: 30, review_reports: 30, synthetic_days: 0}]
exit_code:
  description: Exit code of the toolkit for this failure; 75 when another seed holds the lock.
  returned: failure
  type: int
  sample: 75
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.seed import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "source": {"type": "path"},
        "zone": {"type": "str"},
        "channels_map": {"type": "dict", "default": {}},
        "skip_bad": {"type": "bool", "default": False},
        "channels": {"type": "list", "elements": "str", "default": []},
        "until": {"type": "str", "default": "now"},
        "days": {"type": "int", "default": 30},
        "minimum": {"type": "int", "default": 30},
        "judge_votes": {"type": "int", "default": 0},
        "max_concurrency": {"type": "int", "default": 4},
        "dataset_dir": {"type": "path", "default": "data/benchmarks"},
        "evidence_dir": {"type": "path"},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
