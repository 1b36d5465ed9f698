"""The task that writes a bundle for hosts without a network."""

from invoke.context import Context

from day23.presentation.invoke_tasks.dataset import absolute
from day23.presentation.invoke_tasks.play import Options, play, project_of, stack_task

_DEFAULT_OUTPUT = "dist/day23-bundle.tar"


@stack_task(output=f"The archive to write (default: {_DEFAULT_OUTPUT}); its checksum goes beside it.")
def bundle(
    context: Context,
    inventory: str = "local",
    stack_root: str = "",
    port_offset: str = "",
    json: bool = False,
    verbose: int = 0,
    output: str = "",
) -> None:
    """Write one archive from which the stack comes up without a network."""
    chosen = {"toolkit_bundle_output": absolute(output) or str(project_of(context) / _DEFAULT_OUTPUT)}
    outcome = play(
        context, "fetch", Options(inventory, stack_root, port_offset, json, verbose, variables=chosen)
    )
    if not json:
        print(f"{outcome.returned('bundle', 'bundle')}  {outcome.returned('bundle', 'size') / 1e6:.0f} MB")
        for name, reason in outcome.returned("bundle", "manifest")["left_out"].items():
            print(f"left out: {name}: {reason}")
