"""The doctor says what is there, what is missing and what to do, and never a secret."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import asyncpg

from domain.database import Database
from domain.grading import describe_layers
from domain.operations import Finding, examine, has_problems, render
from domain.operations.database_findings import connection_finding
from domain.postgres import EmbeddedServer
from domain.settings import load_settings


class Described(NamedTuple):
    """A wall of a sandbox."""

    name: str
    active: bool
    detail: str


def about(findings: Sequence[Finding], topic: str) -> list[tuple[str, str]]:
    return [(finding.state, finding.text) for finding in findings if finding.topic == topic]


async def test_a_machine_where_nothing_was_started(tmp_path: Path) -> None:
    folder = tmp_path / "stoa"
    findings = await examine(load_settings(data_dir=folder), {}, describe_layers)
    assert not has_problems(findings)
    assert about(findings, "Database")[0][0] == "note"
    assert about(findings, "Sandbox")
    assert not folder.exists()  # looking changes nothing
    assert render(findings).endswith("Stoa can run here.")


async def test_a_folder_that_cannot_be_looked_into_is_said(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 300)  # also root may not: the name is too long
    findings = await examine(load_settings(data_dir=folder), {})
    for topic in ("Data folder", "Database", "Secret"):
        assert about(findings, topic)[0][0] == "problem"
        assert "File name too long" in about(findings, topic)[0][1]


async def test_a_working_installation_is_described_without_its_secrets(tmp_path: Path) -> None:
    settings = load_settings(
        data_dir=tmp_path / "stoa",
        discord_token=f"{'hidden' * 4}.hidden.{'hidden' * 5}",
        gemini_api_key="hidden-two",
        admins="discord:123",
    )
    await (await Database.open(settings)).close()
    findings = await examine(settings, {"STOA_DISCORD_TOKN": "hidden-three"})
    text = render(findings)
    assert not has_problems(findings)
    assert "hidden" not in text
    assert about(findings, "Database role")[0][0] == "good"
    assert about(findings, "Tables")[0][0] == "good"
    assert "PostgreSQL 18" in about(findings, "Database")[0][1]
    assert about(findings, "Discord")[0][0] == "good"
    assert about(findings, "Administrators") == [("good", "discord:123")]
    assert "STOA_DISCORD_TOKN" in about(findings, "Configuration")[0][1]


async def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    url = "postgresql://stoa:hidden@127.0.0.1:9/stoa"
    findings = await examine(load_settings(data_dir=tmp_path, database_url=url), {})
    assert has_problems(findings)
    assert about(findings, "Database")[0][0] == "problem"
    assert "127.0.0.1" in about(findings, "Database")[0][1]
    assert about(findings, "Secret")[0][0] == "problem"
    assert "hidden" not in render(findings)


async def test_a_server_that_was_not_migrated(server: EmbeddedServer, tmp_path: Path) -> None:
    url = f"postgresql://postgres@/postgres?host={server.socket_folder}"
    findings = await examine(load_settings(data_dir=tmp_path, database_url=url), {})
    assert about(findings, "Tables")[0][0] == "problem"
    assert "stoa migrate" in about(findings, "Tables")[0][1]


async def test_a_login_that_could_do_more_is_mentioned(
    server: EmbeddedServer, database_name: str, tmp_path: Path
) -> None:
    url = f"postgresql://postgres@/{database_name}?host={server.socket_folder}"
    findings = await examine(load_settings(data_dir=tmp_path, database_url=url), {})
    ((state, text),) = about(findings, "Database role")
    assert state == "note"
    assert "postgres" in text


async def test_published_courses_are_named(
    server: EmbeddedServer, database_name: str, tmp_path: Path
) -> None:
    connection = await asyncpg.connect(**server.connect_arguments(database=database_name))
    await connection.execute("insert into languages (code, name) values ('en', 'English')")
    await connection.execute(
        "insert into courses (slug, title, status) values ('knots', 'Knots', 'published')"
    )
    await connection.close()
    url = f"postgresql://postgres@/{database_name}?host={server.socket_folder}"
    findings = await examine(load_settings(data_dir=tmp_path, database_url=url), {})
    assert about(findings, "Courses") == [("good", "1 published: Knots.")]


def test_a_way_to_the_server_that_others_could_listen_on_is_mentioned() -> None:
    for address in ("", "127.0.0.1", "::1"):
        assert connection_finding(address, is_encrypted=False) == []
    for address in ("10.1.2.3", "fd00::7"):
        (finding,) = connection_finding(address, is_encrypted=False)
        assert (finding.state, address in finding.text) == ("note", True)
        assert "sslmode=verify-full" in finding.text
        assert connection_finding(address, is_encrypted=True)[0].state == "good"


async def test_open_secrets_and_missing_walls_are_problems(tmp_path: Path) -> None:
    key = tmp_path / "secret.key"
    key.write_text("k" * 40)
    key.chmod(0o644)

    def walls() -> list[Described]:
        return [Described("limits", True, "time"), Described("landlock", False, "old kernel")]

    findings = await examine(load_settings(data_dir=tmp_path), {}, walls)
    assert "chmod 600" in about(findings, "Secret")[0][1]
    assert about(findings, "Sandbox") == [
        ("good", "limits (time)."),
        ("note", "without landlock: old kernel"),
    ]

    def broken() -> list[Described]:
        raise OSError("no such system call")

    findings = await examine(load_settings(data_dir=tmp_path), {}, broken)
    assert about(findings, "Sandbox")[0][0] == "problem"
    assert render(findings).endswith("2 problems to repair.")


async def test_wrong_programs_are_a_problem(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, pg_bindir=tmp_path / "none")
    findings = await examine(settings, {})
    assert about(findings, "PostgreSQL programs")[0][0] == "problem"
    assert "STOA_PG_BINDIR" in about(findings, "PostgreSQL programs")[0][1]


async def test_a_token_of_another_kind_is_noticed(tmp_path: Path) -> None:
    settings = load_settings(
        data_dir=tmp_path,
        discord_token="123456789012345678",
        telegram_token="a_bot",
        telegram_webhook_url="https://stoa.example:9000/hook",
        metrics_listen="127.0.0.1:9100",
    )
    findings = await examine(settings, {})
    assert "three parts with dots" in about(findings, "Discord")[0][1]
    assert "@BotFather" in about(findings, "Telegram")[0][1]
    assert "80, 88, 443, 8443" in about(findings, "Telegram webhook")[0][1]
    assert about(findings, "Health") == [("good", "/health and /metrics at 127.0.0.1:9100.")]
    assert "123456789012345678" not in render(findings)
