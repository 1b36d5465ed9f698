"""What every engine promises, seen from outside: the service's own answers and the stack's records."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import psutil
import pytest
from tiny_stack import Stack, eventually

from day23.domain.errors import ToolkitError
from day23.domain.service_spec import ServiceSpec
from day23.wiring.services import await_ready, service_logs, stack_status

Tiny = Callable[..., ServiceSpec]


def test_starts_once_and_then_leaves_alone(stack: Stack, tiny: Tiny) -> None:
    assert stack.up(tiny()) == ["started"]
    pid = stack.pid("tiny")

    assert stack.up(tiny()) == ["unchanged"]
    assert stack.pid("tiny") == pid


def test_check_mode_predicts_and_writes_nothing(stack: Stack, tiny: Tiny) -> None:
    predicted = stack.converge(tiny(), check_mode=True)

    assert predicted.action.value == "started"
    assert "hello" in predicted.after
    assert not stack.paths.root.exists()


def test_check_mode_predicts_while_the_artefact_is_still_to_be_fetched(stack: Stack, tiny: Tiny) -> None:
    artifact = {"name": "python", "version": "3", "path": {"python": "/nowhere/python"}, "assemble": {}}

    assert stack.converge(tiny(artifact=artifact), check_mode=True).action.value == "started"
    with pytest.raises(ToolkitError, match="/nowhere/python"):
        stack.converge(tiny(artifact=artifact))


def test_restarts_only_the_service_that_changed(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny("first"), tiny("second"))
    pids = {name: stack.pid(name) for name in ("first", "second")}

    assert stack.up(tiny("first", "changed\n"), tiny("second")) == ["restarted", "unchanged"]

    assert stack.ask("first")["content"] == "changed\n"
    assert stack.pid("first") != pids["first"]
    assert stack.pid("second") == pids["second"]


@pytest.mark.parametrize(
    "change",
    [{"environment": {"COLOUR": "red"}}, {"stop": {"within": 6}}, {"limits": {"memory_mb": 100}}],
    ids=["environment", "stop", "limits"],
)
def test_restarts_when_anything_that_runs_changes(
    stack: Stack, tiny: Tiny, change: dict[str, object]
) -> None:
    stack.up(tiny())

    assert stack.up(tiny(**change)) == ["restarted"]


def test_remembers_a_new_description_without_touching_the_service(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    pid = stack.pid("tiny")

    described = stack.converge(tiny(metrics={"job": "tiny"}))

    assert described.action.value == "unchanged"
    assert described.changed
    assert stack.pid("tiny") == pid
    assert not stack.converge(tiny(metrics={"job": "tiny"})).changed


def test_publishes_and_withdraws_the_scrape_target(stack: Stack, tiny: Tiny) -> None:
    target = stack.paths.targets / "tiny.json"
    metrics = {"job": "tiny", "path": "/numbers", "scrape_interval": "5s"}
    spec = tiny(metrics=metrics)

    stack.converge(spec)
    assert json.loads(target.read_text()) == [
        {
            "targets": [f"127.0.0.1:{spec.listen['http']}"],
            "labels": {"job": "tiny", "__metrics_path__": "/numbers", "__scrape_interval__": "5s"},
        }
    ]

    stack.converge(tiny())
    assert not target.exists()


@pytest.mark.parametrize("way", [{"http": "/-/reload"}, {"signal": "HUP"}], ids=["http", "signal"])
def test_reloads_when_only_reload_files_changed(stack: Stack, tiny: Tiny, way: dict[str, str]) -> None:
    reload = {**way, "files": ["tiny.conf"]}
    stack.up(tiny(reload=reload))
    pid = stack.pid("tiny")

    assert stack.up(tiny("tiny", "new\n", reload=reload)) == ["reloaded"]

    assert eventually(lambda: stack.ask("tiny")["content"] == "new\n")
    assert stack.pid("tiny") == pid
    assert stack.up(tiny("tiny", "new\n", reload=reload)) == ["unchanged"]


def test_a_refused_reload_is_told_and_tried_again(stack: Stack, tiny: Tiny) -> None:
    reload = {"http": "/-/reload", "files": ["tiny.conf"]}
    stack.up(tiny(reload=reload))

    for _ in range(2):
        with pytest.raises(ToolkitError, match="line 1 cannot be loaded"):
            stack.converge(tiny("tiny", "refuse\n", reload=reload))
    assert stack.ask("tiny")["content"] == "hello\n"
    assert (stack.paths.etc / "tiny" / "tiny.conf").read_text() == "hello\n"


def test_a_configuration_that_its_checker_refuses_never_replaces_the_old_one(
    stack: Stack, tiny: Tiny
) -> None:
    stack.up(tiny())
    pid = stack.pid("tiny")

    with pytest.raises(ToolkitError, match=r"tiny\.conf:2: unknown directive 'broken'") as refusal:
        stack.converge(tiny("tiny", "fine\nbroken\n"))

    assert (stack.paths.etc / "tiny" / "tiny.conf").read_text() == "hello\n"
    assert stack.ask("tiny")["content"] == "hello\n"
    assert stack.pid("tiny") == pid
    assert stack.up(tiny()) == ["unchanged"]
    assert [path.name for path in stack.paths.etc.iterdir()] == ["tiny"]
    assert "broken" in (stack.paths.run / "rejected" / "tiny" / "tiny.conf").read_text()
    assert refusal.value.where == str(stack.paths.run / "rejected" / "tiny")


def test_gives_arguments_environment_and_files_unharmed(stack: Stack, tiny: Tiny) -> None:
    awkward = ["100%", "%(here)s", "a ;b", "a #b", 'say "hi"', "it's", "{service}", "$HOME", "", "два слова"]
    content = "100% {{ $labels.job }} %(x)s {service='x'} {data}\n"
    spec = tiny("tiny", content, *awkward, environment={"ODD": "a=b \"c\" %d 'e' ;f", "DATA": "{data}"})

    stack.up(spec)

    answer = stack.ask("tiny")
    assert answer["arguments"][-len(awkward) :] == awkward
    assert answer["environment"]["ODD"] == "a=b \"c\" %d 'e' ;f"
    assert answer["environment"]["DATA"] == str(stack.paths.data / "tiny")
    assert answer["content"] == content.replace("{data}", str(stack.paths.data / "tiny"))
    assert stack.up(spec) == ["unchanged"]


def test_reads_files_of_the_host_that_are_the_ones_that_were_meant(
    stack: Stack, tiny: Tiny, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    model.write_text("weights\n")
    model.chmod(0o644)
    spec = tiny()
    meant = {"name": "tiny_model", "path": str(model), "sha256": sha256(b"weights\n").hexdigest()}
    reading = {"command": [str(model) if "tiny.conf" in word else word for word in spec.command]}

    stack.up(tiny(host_files=[meant], **reading))
    with pytest.raises(ToolkitError, match="is not the one that was meant"):
        stack.converge(tiny(host_files=[meant | {"sha256": "0" * 64}], **reading))

    assert stack.ask("tiny")["content"] == "weights\n"


def test_a_server_whose_model_does_not_answer_is_not_ready(stack: Stack, tiny: Tiny) -> None:
    with pytest.raises(ToolkitError, match="the model qwen answers 200"):
        stack.up(tiny(ready={"http": "/", "chat": "qwen", "within": 1}))


def test_removes_files_that_left_the_specification_and_no_others(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny(files={"tiny.conf": "hello\n", "parts/extra.conf": "more\n"}))
    folder = stack.paths.etc / "tiny"
    (folder / "rules").mkdir()
    (folder / "rules" / "foreign.yml").write_text("from another role\n")

    stack.up(tiny())

    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert found == ["rules/foreign.yml", "tiny.conf"]
    assert not (folder / "parts").exists()


def test_undoes_what_was_edited_by_hand(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    (stack.paths.etc / "tiny" / "tiny.conf").write_text("edited\n")

    edited = stack.converge(tiny())

    assert (edited.action.value, edited.reasons) == ("restarted", ("tiny.conf changed",))
    assert "edited" in edited.before
    assert (stack.paths.etc / "tiny" / "tiny.conf").read_text() == "hello\n"


def test_makes_secrets_that_only_the_owner_reads(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny(secrets=["tiny_password"]))

    secret = stack.paths.secret("tiny_password")
    assert secret.stat().st_mode & 0o777 == 0o600
    everything = [path for path in stack.paths.root.rglob("*") if path.is_file() and path != secret]
    assert not [path for path in everything if secret.read_bytes() in path.read_bytes()]


def test_comes_back_after_being_killed(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    pid = stack.pid("tiny")

    os.kill(pid, signal.SIGKILL)

    assert eventually(lambda: stack.observed("tiny").pid not in (None, pid))
    assert stack.up(tiny()) == ["unchanged"]


def test_names_who_is_not_ready_with_state_and_last_words(stack: Stack, tiny: Tiny) -> None:
    stack.converge(tiny("good"))
    stack.converge(tiny("bad", "hello\n", "dies", ready={"http": "/", "within": 2}))

    with pytest.raises(ToolkitError, match="not ready: bad\n") as failure:
        await_ready(stack.context).run()

    assert "bad is backoff" in failure.value.what
    assert "cannot go on" in failure.value.what
    assert failure.value.next_step == "invoke day23.logs bad"


def test_a_stranger_on_the_port_is_not_taken_for_the_service(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny("stranger"))
    port = tiny("stranger").listen["http"]
    stack.converge(tiny("robbed", "hello\n", "dies", listen={"http": port}))
    stack.engine.stop("robbed", within=1)

    with pytest.raises(ToolkitError, match="another program answers on its port"):
        await_ready(stack.context).run(only=["robbed"])


def test_kills_a_service_that_ignores_the_stop_signal(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny("tiny", "hello\n", "stubborn", stop={"within": 1}))
    pid = stack.pid("tiny")

    stack.down()

    assert not psutil.pid_exists(pid)


def test_absent_stops_and_forgets_but_keeps_the_data(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny(metrics={"job": "tiny"}), tiny("other"))
    kept = stack.paths.data / "tiny" / "kept"
    kept.write_text("state")

    assert stack.remove("tiny")

    assert "tiny" not in stack.engine.observe()
    assert stack.records.load("tiny") is None
    assert not (stack.paths.targets / "tiny.json").exists()
    assert not (stack.paths.etc / "tiny").exists()
    assert kept.read_text() == "state"
    assert stack.observed("other").state.is_alive
    assert not stack.remove("tiny")


def test_an_optional_service_without_artefact_is_skipped_and_told_once(stack: Stack, tiny: Tiny) -> None:
    artifact = {"name": "grafana", "version": "1", "path": {"python": "/nowhere/python"}, "assemble": {}}
    spec = tiny("grafana", artifact=artifact, optional=True, unavailable_hint="set grafana_artifact.path")

    first, second = stack.converge(spec), stack.converge(spec)

    assert (first.action.value, first.changed) == ("skipped", True)
    assert (second.action.value, second.changed) == ("skipped", False)
    [row] = stack_status(stack.context).rows()
    assert (row.state, row.ready) == ("skipped", None)
    assert "set grafana_artifact.path" in row.reason
    assert await_ready(stack.context).run() == ()


def test_an_optional_service_starts_once_its_artefact_appears(stack: Stack, tiny: Tiny) -> None:
    missing = {"name": "python", "version": "3", "path": {"python": "/nowhere/python"}, "assemble": {}}
    stack.converge(tiny(optional=True, artifact=missing))

    assert stack.up(tiny(optional=True)) == ["started"]


def test_down_then_up_brings_everything_back(stack: Stack, tiny: Tiny) -> None:
    specs = [tiny("first"), tiny("second")]
    stack.up(*specs)

    stack.down()

    assert all(observed.pid is None for observed in stack.engine.observe().values())
    assert stack.up(*specs) == ["started", "started"]


def test_status_tells_what_a_person_wants_to_know(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    stack.converge(tiny("bad", "hello\n", "dies"))
    assert eventually(lambda: stack.observed("bad").state.value == "backoff")

    bad, good = stack_status(stack.context).rows()

    assert (good.service, good.ready, good.version) == ("tiny", True, "3")
    assert good.endpoint == f"127.0.0.1:{tiny().listen['http']}"
    assert good.uptime_seconds is not None
    assert 0 <= good.uptime_seconds < 60
    assert (good.memory_bytes or 0) > 1_000_000
    assert (bad.ready, bad.state) == (False, "backoff")
    assert bad.reason


def test_keeps_what_services_print(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())

    assert eventually(lambda: bool(service_logs(stack.context, "tiny", 5)))
    assert json.loads(service_logs(stack.context, "tiny", 5)[-1])["event"] == "listening"


def test_finishes_what_was_cut_short_between_start_and_record(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    pid = stack.pid("tiny")
    stack.records.delete("tiny")

    assert stack.up(tiny()) == ["unchanged"]
    assert stack.pid("tiny") == pid
    assert stack.records.load("tiny") is not None


def test_finishes_what_was_cut_short_between_swap_and_start(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny())
    record = stack.records.load("tiny")
    assert record is not None
    (stack.paths.etc / "tiny" / "tiny.conf").write_text("new\n")
    stack.records.save(record.claiming(()))

    assert stack.up(tiny("tiny", "new\n")) == ["restarted"]
    assert stack.ask("tiny")["content"] == "new\n"


def test_two_stacks_do_not_see_each_other(stack: Stack, tiny: Tiny) -> None:
    stack.up(tiny("first"))
    other = Stack(replace(stack.context, paths=replace(stack.paths, root=stack.paths.root.parent / "other")))
    try:
        other.up(tiny("second"))
        other.down()
        assert stack.observed("first").state.is_alive
        assert set(stack.engine.observe()) == {"first"}
    finally:
        other.down()
