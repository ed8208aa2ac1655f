"""The files that put Stoa on a server say what the project can do, and nothing else."""

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bots.cli import parser
from domain.settings import Settings

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "tests" / "data" / "compose-spec" / "compose-spec.json"
DOORS = {"discord", "telegram"}  # started by their profiles only


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def targets() -> set[str]:
    text = (ROOT / "Makefile").read_text()
    return set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))


def instructions(name: str) -> list[str]:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    return [line.removeprefix(name).strip() for line in lines if line.startswith(f"{name} ")]


def test_compose_keeps_to_the_specification() -> None:
    validator = Draft7Validator(json.loads(SCHEMA.read_text()))
    assert [error.message for error in validator.iter_errors(compose())] == []


def test_the_check_of_compose_sees_a_mistake() -> None:
    validator = Draft7Validator(json.loads(SCHEMA.read_text()))
    wrong = compose()
    wrong["services"]["worker"]["restarts"] = "always"
    assert list(validator.iter_errors(wrong))


def test_compose_waits_for_the_database_and_its_tables() -> None:
    services = compose()["services"]
    assert set(services) == {"database", "migrate", "worker", *DOORS}
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert "healthcheck" in services["database"]
    for name in {"worker", *DOORS}:
        condition = services[name]["depends_on"]["migrate"]["condition"]
        assert condition == "service_completed_successfully"
        assert services[name]["stop_grace_period"]
        assert services[name]["healthcheck"]
    for name in set(services) - DOORS:
        assert "profiles" not in services[name]
    for name in DOORS:
        assert services[name]["profiles"] == ["doors", name]


def test_compose_holds_no_secret_and_opens_no_port() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for line in text.splitlines():
        if re.search(r"PASSWORD|SECRET|TOKEN|API_KEY", line):
            assert "${" in line
    assert not any("ports" in service for service in compose()["services"].values())


def test_compose_sets_only_settings_that_exist() -> None:
    known = {f"STOA_{name.upper()}" for name in Settings.model_fields}
    for service in compose()["services"].values():
        names = [name for name in service.get("environment", {}) if name.startswith("STOA_")]
        assert set(names) <= known
    example = re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(example) - known == {"POSTGRES_PASSWORD"}


def test_the_page_on_deployment_names_every_setting() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text()
    for name in Settings.model_fields:
        assert f"`STOA_{name.upper()}`" in page


def test_compose_asks_the_health_that_the_processes_serve() -> None:
    for name in {"worker", *DOORS}:
        service = compose()["services"][name]
        port = service["environment"]["STOA_METRICS_LISTEN"].rpartition(":")[2]
        assert f":{port}/health" in service["healthcheck"]["test"][-1]


def test_make_runs_the_commands_of_its_targets() -> None:
    text = (ROOT / "Makefile").read_text()
    for command in ("up", "discord", "telegram", "worker", "migrate"):
        assert re.search(
            rf"^{command}: .*\n\t@(exec )?\$\(VENV\)/bin/stoa {command} ", text, re.MULTILINE
        )


def test_compose_runs_commands_that_exist() -> None:
    choices = next(
        action.choices
        for action in parser()._actions
        if action.dest == "command" and action.choices
    )
    for name, service in compose()["services"].items():
        if name != "database":
            assert service["command"][0] in choices
        if name in DOORS:
            assert service["command"] == [name]


def test_the_image_is_made_by_make_alone() -> None:
    commands = [shlex.split(line) for line in instructions("RUN")]
    assert commands
    for words in commands:
        assert words[0] == "make"
        assert words[1] in targets()
        assert all("=" in word for word in words[2:])
    assert instructions("USER") == ["65534:65534"]


def test_the_image_has_what_it_starts() -> None:
    (entry,) = instructions("ENTRYPOINT")
    assert json.loads(entry) == ["/srv/stoa/.venv/bin/stoa"]
    ignored = (ROOT / ".dockerignore").read_text().split()
    for needed in ("bots", "domain", "migrations", "courses", "Makefile", "requirements.lock"):
        assert needed not in ignored
    assert {".env", ".git", ".venv"} <= set(ignored)


def test_make_lists_its_targets() -> None:
    answer = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for target in ("setup", "chat", "up", "discord", "telegram", "test", "check", "soak", "docs"):
        assert re.search(rf"^ *make {target} ", answer.stdout, re.MULTILINE)
    assert set(re.findall(r"make ([a-z-]+)", answer.stdout)) <= targets()


def test_what_checks_a_change_runs_the_tests() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text()


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_are_plain_pins(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.!+]+(; [\w.]+ [<>=!]=? \"[\w.]+\")*( and .*)?", line)
