#!/usr/bin/python

DOCUMENTATION = r"""
---
module: day23_mongodb
short_description: Settle MongoDB's replica set, roles, users and indexes
description:
  - Initiates the one-member replica set, or gives its member another address when the port changed.
  - Creates the users that are missing and corrects passwords and roles that differ. Passwords are the
    secrets C(mongodb_<user>) of the stack root, and so are the only thing to edit for a rotation.
  - Knows the role C(spanWriter), which may find, insert and update in the collection C(spans) only, and
    C(rulesKeeper), which may change the validators of C(digests) and C(review_reports).
  - Creates the indexes of the dataset, and the one that removes spans older than 30 days.
  - A run that was killed anywhere is finished by the next one.
author: Day 23 maintainers
extends_documentation_fragment: day23_stack
options:
  port:
    description: Port of MongoDB at O(stack.bind).
    type: int
    required: true
  replica_set:
    description: Name of the replica set that MongoDB was started with.
    type: str
    default: rs0
  database:
    description: Database of the dataset.
    type: str
    default: butler
  users:
    description: Users that must exist, all with C(admin) as authentication database. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the user. C(admin) must be among them; it settles the others.
        type: str
        required: true
      roles:
        description: The user's roles, and no others.
        type: list
        elements: dict
        required: true
        suboptions:
          role:
            description: Name of a built-in role, C(spanWriter) or C(rulesKeeper).
            type: str
            required: true
          db:
            description: Database of the role.
            type: str
            required: true
  within:
    description: Seconds that MongoDB may take to listen, and again to take writes.
    type: float
    default: 60
attributes:
  check_mode:
    support: full
    description: Predicts on a virgin host. A stopped server that has data is taken as settled.
  diff_mode:
    support: full
    description: Lists what changes, without passwords.
  idempotent:
    support: full
    description: Changes nothing in a server that is settled.
"""

EXAMPLES = r"""
- name: Settle the replica set and its users
  day23_mongodb:
    stack: "{{ stack_context }}"
    port: 27017
    users:
      - {name: admin, roles: [{role: root, db: admin}]}
      - {name: seeder, roles: [{role: readWrite, db: butler}, {role: rulesKeeper, db: butler}]}
      - {name: exporter, roles: [{role: read, db: butler}]}
      - {name: tracer, roles: [{role: spanWriter, db: butler}]}
"""

RETURN = r"""
changes:
  description: What was changed, or in check mode would be.
  returned: success
  type: list
  elements: str
  sample: [create user seeder]
"""

from ansible.module_utils.basic import AnsibleModule

from day23.presentation.ansible_module import STACK_ARGUMENT, run
from day23.presentation.modules.mongodb import handle

ROLE = {"role": {"type": "str", "required": True}, "db": {"type": "str", "required": True}}

USER = {
    "name": {"type": "str", "required": True},
    "roles": {"type": "list", "elements": "dict", "required": True, "options": ROLE},
}


def main() -> None:
    arguments = {
        "stack": STACK_ARGUMENT,
        "port": {"type": "int", "required": True},
        "replica_set": {"type": "str", "default": "rs0"},
        "database": {"type": "str", "default": "butler"},
        "users": {"type": "list", "elements": "dict", "required": True, "options": USER},
        "within": {"type": "float", "default": 60},
    }
    run(AnsibleModule(argument_spec=arguments, supports_check_mode=True), handle)


if __name__ == "__main__":
    main()
