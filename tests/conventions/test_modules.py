"""The documentation of every Ansible module says what the module takes."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from project_tree import ROOT, files_below, name_of

MODULES = files_below("library", ".py")
SPEC_KEYS = ("type", "required", "default", "choices", "elements")
ATTRIBUTES = {"check_mode", "diff_mode", "idempotent"}


class _Captured(Exception):  # noqa: N818 - a way out of main(), not an error
    def __init__(self, arguments: dict[str, Any], settings: dict[str, Any]) -> None:
        self.arguments = arguments
        self.settings = settings


def _capture(argument_spec: dict[str, Any], **settings: Any) -> None:
    raise _Captured(argument_spec, settings)


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _captured(path: Path) -> _Captured:
    module = _load(path)
    module.AnsibleModule = _capture  # type: ignore[attr-defined]
    with pytest.raises(_Captured) as caught:
        module.main()
    return caught.value


def _documented_options(documentation: dict[str, Any]) -> dict[str, Any]:
    options = dict(documentation.get("options", {}))
    fragments = documentation.get("extends_documentation_fragment", [])
    for name in [fragments] if isinstance(fragments, str) else fragments:
        fragment = _load(ROOT / "doc_fragments" / f"{name}.py").ModuleDocFragment.DOCUMENTATION
        options |= yaml.safe_load(fragment)["options"]
    return options


def _compare(documented: dict[str, Any], spec: dict[str, Any], place: str) -> None:
    assert set(documented) == set(spec), place
    for name, option in spec.items():
        for key in SPEC_KEYS:
            told, meant = documented[name].get(key), option.get(key)
            assert (told or None) == (meant or None), (
                f"{place}.{name}: {key} is {meant!r}, documented {told!r}"
            )
        _compare(documented[name].get("suboptions", {}), option.get("options", {}), f"{place}.{name}")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_documentation_and_argument_spec_agree(path: Path) -> None:
    documentation = yaml.safe_load(_load(path).DOCUMENTATION)

    _compare(_documented_options(documentation), _captured(path).arguments, path.stem)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_option_and_return_value_is_described(path: Path) -> None:
    module = _load(path)
    documentation = yaml.safe_load(module.DOCUMENTATION)

    assert documentation["module"] == path.stem
    assert all(option.get("description") for option in documentation.get("options", {}).values())
    assert yaml.safe_load(module.EXAMPLES)
    assert all(value.get("description") for value in yaml.safe_load(module.RETURN).values())


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_check_diff_and_idempotence_are_stated_and_check_mode_is_true(path: Path) -> None:
    attributes = yaml.safe_load(_load(path).DOCUMENTATION)["attributes"]

    assert set(attributes) >= ATTRIBUTES
    supported = bool(_captured(path).settings.get("supports_check_mode"))
    assert supported == (attributes["check_mode"]["support"] != "none")
