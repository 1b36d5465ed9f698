"""The option `stack`, documented once for every module."""


class ModuleDocFragment:
    """Documentation that modules extend by `extends_documentation_fragment: day23_stack`."""

    DOCUMENTATION = r"""
options:
  stack:
    description:
      - The stack that the module works on. Playbooks give it by C(module_defaults) from the variable
        C(stack_context) of the role C(stack); roles do not write it.
    type: dict
    required: true
    suboptions:
      root:
        description: Folder that holds everything the stack owns; relative paths start at O(stack.repository).
        type: path
        required: true
      engine:
        description: Name of the engine that runs the services.
        type: str
        required: true
      bind:
        description: Address that the services listen on.
        type: str
        default: 127.0.0.1
      repository:
        description: The project checkout.
        type: path
        required: true
      cache_dir:
        description: Folder where artefacts are kept between stacks.
        type: path
        default: ~/.cache/day23
      trace_id:
        description: 32 hex digits that join everything one playbook does.
        type: str
      network:
        description:
          - Where services listen. C(host) is the host's own network; on C(bridge) each has an address of
            its own and is published on O(stack.bind). Engines without networks know C(host) only.
        type: str
        choices: [host, bridge]
        default: host
      project:
        description: Prefix of what the engine names; without it the name follows from O(stack.root).
        type: str
"""
