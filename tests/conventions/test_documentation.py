"""The documentation names what exists."""

import re
from pathlib import Path

import pytest
import yaml
from project_tree import ROOT, files_below, name_of, project_files, read_yaml

from day23.domain.exit_codes import ExitCode
from day23.domain.service_spec import ServiceSpec
from day23.presentation.invoke_tasks import make_namespace

PAGES = [path for path in project_files() if path.suffix == ".md"]
TEXT = {path: path.read_text(encoding="utf-8") for path in PAGES}
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
GUIDES = [ROOT / "docs/reference/en/user_guide.md", ROOT / "docs/reference/ru/user_guide.md"]


def test_links_lead_somewhere() -> None:
    links = [(page, link) for page, text in TEXT.items() for link in LINK.findall(text)]
    broken = [
        f"{name_of(page)}: {link}"
        for page, link in links
        if "://" not in link and not (page.parent / link).exists()
    ]

    assert links
    assert broken == []


def test_words_of_make_and_invoke_exist() -> None:
    targets = set(
        re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    tasks = set(make_namespace(project=str(ROOT)).task_names)
    for page, text in TEXT.items():
        assert set(re.findall(r"`make ([a-z][\w-]+)", text)) - targets == set(), name_of(page)
        assert set(re.findall(r"invoke (day[\w.-]+)", text)) - tasks == set(), name_of(page)


def test_playbooks_and_scripts_exist() -> None:
    named = {
        f"{name_of(page)}: {path}"
        for page, text in TEXT.items()
        for path in re.findall(r"\b((?:playbooks|scripts)/[\w/]+\.(?:yml|py|sh))\b", text)
        if not (ROOT / path).is_file()
    }

    assert named == set()


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
def test_the_guides_name_every_script_and_every_option(guide: Path) -> None:
    scripts = [name_of(path) for path in files_below("scripts", ".py")]
    namespace = make_namespace(project=str(ROOT))
    options = {
        f"--{argument.name.replace('_', '-')}"
        for name in namespace.task_names
        for argument in namespace[name].get_arguments()
        if not argument.positional and argument.name not in {"verbose", "number", "follow"}
    }

    assert [script for script in scripts if f"`{script}`" not in TEXT[guide]] == []
    assert [option for option in sorted(options) if option not in TEXT[guide]] == []


def test_the_endpoints_table_has_every_port() -> None:
    table = TEXT[ROOT / "docs/operations.md"].split("## Endpoints")[1].split("##")[0]
    ports = read_yaml(ROOT / "roles/stack/defaults/main.yml")["stack_default_ports"]

    assert [name for name, port in ports.items() if not re.search(rf"\b{port}\b", table)] == []


def test_the_exit_codes_are_documented() -> None:
    table = TEXT[ROOT / "docs/operations.md"].split("## Exit codes")[1].split("##")[0]

    assert [int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)] == [
        int(code) for code in ExitCode
    ]


def test_the_example_of_adding_a_service_is_a_valid_service() -> None:
    text = TEXT[ROOT / "docs/adding-a-service.md"]
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    example = yaml.safe_load(blocks[0])
    filled = {"artifact": example["prober_artifact"], "command": ["python"], "listen": {"http": 9115}}

    ServiceSpec.model_validate(example["prober_service"] | filled)
