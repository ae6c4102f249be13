"""What the command begins with."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import CommandLine
from typer.main import get_command

from sonica.cli.main import COMMANDS, command_line
from sonica.cli.start import DECODERS, decodes

LOADED = """
import sys
from sonica.cli.start import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""
"""The command line, which then tells what was loaded."""


def loaded(command: CommandLine, *arguments: str | Path) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env=command.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout
    return set(ran.stderr.split())


def test_who_names_a_file_loads_neither_decoder_nor_database(stocked: CommandLine, music: Path) -> None:
    seen = loaded(stocked, "recognize", "--json", music / "0.flac")
    assert "sonica.catalogue.store" in seen
    assert not seen & {"av", "numpy", "sqlalchemy", "psycopg", "httpx", "fastapi", "sonica.audio.decoder"}


def test_the_process_that_decodes_loads_only_that() -> None:
    script = "import sys, sonica.audio.worker; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    seen = set(ran.stdout.split())
    assert "av" in seen
    assert not seen & {"pydantic", "rich", "typer", "subprocess", "sonica.catalogue"}


@pytest.mark.parametrize("asked", ["--version", "--help"])
def test_who_asks_what_there_is_loads_no_command(sonica: CommandLine, asked: str) -> None:
    seen = loaded(sonica, asked)
    assert not {f"sonica.cli.{where.partition(':')[0]}" for _, where, _ in COMMANDS.values()} & seen
    assert "pydantic_settings" not in seen


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says_of_itself(name: str) -> None:
    listed = get_command(command_line([])).commands[name]  # type: ignore[attr-defined]  # it is a group
    itself = get_command(command_line([name])).commands[name]  # type: ignore[attr-defined]  # as above
    assert inspect.cleandoc(itself.help).split("\n\n")[0] == listed.help


def test_the_commands_that_decode_are_commands() -> None:
    assert set(COMMANDS) >= DECODERS


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["recognize", "clip.wav"], True),
        (["recognize", "--json", "clip.wav"], True),
        (["add", "music"], True),
        (["recognize", "--help"], False),
        (["songs", "list"], False),
        (["--version"], False),
        ([], False),
    ],
)
def test_a_decoder_is_begun_where_a_file_will_be_decoded(arguments: list[str], expected: bool) -> None:
    assert decodes(arguments) is expected


def test_completion_begins_no_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_SONICA_COMPLETE", "complete_bash")
    assert not decodes(["recognize"])
