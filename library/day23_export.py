#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_export
short_description: Export the benchmark dataset as checksummed JSONL
description:
  - Streams the digests and review reports of the recorded window from MongoDB to
    C(exports/<UTC date>/digests.jsonl) and C(review_reports.jsonl) below O(dataset_dir).
  - Every record is validated against its committed JSON Schema and hashed while it is written.
    C(schema_validation.json) and C(manifest.json) follow, the manifest last.
  - The links C(<dataset id>/latest.jsonl) follow the export, then the export is read back and checked.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  dataset_dir:
    description: Folder of snapshots, exports and benchmarks; relative paths start at O(stack.repository).
    type: path
    default: data/benchmarks
  evidence_dir:
    description: Folder that gets C(export.json).
    type: path
  hours:
    description:
      - How far back from the end of the recorded window, rounded up to whole UTC days.
      - The default is the recorded window.
    type: int
  channel:
    description: Only this channel, with or without C(@).
    type: str
  language:
    description: Only this language.
    type: str
  limit:
    description: Newest documents per collection; C(0) takes all.
    type: int
    default: 0
attributes:
  check_mode:
    support: partial
    description: Tells where the export would go, not whether its bytes would differ.
  diff_mode:
    support: none
    description: Exports are data; compare their checksums.
  idempotent:
    support: full
    description: The same data gives the same bytes, and then nothing has changed.
"""

EXAMPLES = r"""
- name: Export the dataset
  day23_export:
    stack: "{{ stack_context }}"
    dataset_dir: data/benchmarks

- name: Export the last week of one channel
  day23_export:
    stack: "{{ stack_context }}"
    dataset_dir: data/one_channel
    channel: "@onaboka"
    hours: 168
"""

RETURN = r"""
manifest:
  description: Path of the manifest.
  returned: success
  type: str
  sample: /srv/day23/data/benchmarks/exports/2025-11-15/manifest.json
summary:
  description: The files with their checksums, the window, how long each collection took, and the trace id.
  returned: when not in check mode
  type: dict
  sample:
    folder: /srv/day23/data/benchmarks/exports/2025-11-15
    duration_seconds: {digests: 0.21, review_reports: 0.12}
exit_code:
  description: Exit code of the toolkit for this failure; 75 when another export holds the lock.
  returned: failure
  type: int
  sample: 75
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.export import handle


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "dataset_dir": {"type": "path", "default": "data/benchmarks"},
        "evidence_dir": {"type": "path"},
        "hours": {"type": "int"},
        "channel": {"type": "str"},
        "language": {"type": "str"},
        "limit": {"type": "int", "default": 0},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
