"""The task that writes a bundle for hosts without a network."""

from invoke.context import Context

from day23.presentation.invoke_tasks.dataset import absolute
from day23.presentation.invoke_tasks.play import Options, given, play, stack_task


@stack_task(output="The archive to write (default: dist/day23-bundle.tar); its checksum goes beside it.")
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
    chosen = given(bundle_output=absolute(output))
    outcome = play(
        context, "bundle", Options(inventory, stack_root, port_offset, json, verbose, variables=chosen)
    )
    if not json:
        print(f"{outcome.returned('bundle', 'bundle')}  {outcome.returned('bundle', 'size') / 1e6:.0f} MB")
        for name, reason in outcome.returned("bundle", "manifest")["left_out"].items():
            print(f"left out: {name}: {reason}")
