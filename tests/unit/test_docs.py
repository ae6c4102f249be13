"""The pages that show code: it runs, in their order, and gives what they say."""

import ast
import base64
import configparser
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sonica.audio import Tags, write_audio
from sonica.audio.compose import Song
from sonica.audio.degrade import excerpt
from sonica.platform.webhooks import signature
from sonica.work.monitoring import COLUMNS, Event

DOCS = Path(__file__).resolve().parents[2] / "docs"
SAYS = re.compile(r"  # → (.+)$")
"""What a line gives, as the page says."""


def blocks(page: str) -> list[str]:
    """The blocks of Python, each at its place: line numbers in a traceback are those of the page."""
    return [
        "\n" * page.count("\n", 0, block.start(1)) + block[1]
        for block in re.finditer(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    ]


def run(code: str, name: str, space: dict[str, Any]) -> int:
    """Runs a block as a notebook would, and checks what it says; how many of its lines say something."""
    checked = 0
    for statement in ast.parse(code).body:
        says = SAYS.search(code.splitlines()[(statement.end_lineno or 0) - 1])
        if says and isinstance(statement, ast.Expr):
            given = eval(compile(ast.Expression(statement.value), name, "eval"), space)  # noqa: S307
            assert repr(given) == says[1], f"{name}, line {statement.lineno}"
            checked += 1
        else:
            exec(compile(ast.Module([statement], []), name, "exec"), space)  # noqa: S102
    return checked


def test_the_page_of_the_library(songs: list[Song], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    song = songs[2]
    (tmp_path / "music").mkdir()
    tags = Tags(title=song.title, artist=song.artist, language=song.language)
    write_audio(tmp_path / "music" / "song.flac", song.samples, song.rate, tags)
    write_audio(tmp_path / "clip.wav", excerpt(song.samples, song.rate, 12.0, 20.0), song.rate)
    monkeypatch.chdir(tmp_path)
    page = DOCS / "library.md"
    space: dict[str, Any] = {}
    text = page.read_text()
    checked = sum(run(code, page.name, space) for code in blocks(text))
    assert checked == text.count("# → ") > 15  # every one of them


def test_the_page_of_the_monitor() -> None:
    page = (DOCS / "monitor.md").read_text()
    space: dict[str, Any] = {}
    for code in blocks(page):
        run(code, "monitor.md", space)
    key, body = bytes(range(32)), re.findall(r"```json\n(.*?)```", page, re.DOTALL)[0].encode()
    secret = f"whsec_{base64.b64encode(key).decode()}"
    headers = {"webhook-id": "1", "webhook-timestamp": "2", "webhook-signature": signature(key, "1", 2, body)}
    assert space["is_ours"](secret, headers, body) is True
    assert space["is_ours"](secret, headers, body + b" ") is False
    assert space["is_ours"](secret, {**headers, "webhook-timestamp": "3"}, body) is False
    event = Event.model_validate_json(body)
    assert json.loads(event.model_dump_json()) == json.loads(body)
    table = "".join(re.findall(r"^\| (`.*?) \|", page, re.MULTILINE))
    assert re.findall(r"`(\w+)`", table) == COLUMNS.split(",")


def test_the_unit_of_systemd_is_one(tmp_path: Path) -> None:
    page = (DOCS / "operating" / "install.md").read_text()
    (unit,) = re.findall(r"```ini\n(.*?)```", page, re.DOTALL)
    said = configparser.ConfigParser(interpolation=None, strict=True)
    said.optionxform = str  # type: ignore[method-assign,assignment]
    said.read_string(unit)
    assert said.sections() == ["Unit", "Service", "Install"]
    assert said["Service"]["ExecStart"].split()[1] == "serve"
    assert said["Service"]["Environment"] == "SONICA_HOME=/var/lib/" + said["Service"]["StateDirectory"]
    if verify := shutil.which("systemd-analyze"):
        file = tmp_path / "sonica.service"
        there = unit.replace("/opt/sonica/.venv/bin/sonica", sys.executable).replace(
            "User=sonica", "User=root"
        )
        file.write_text(there)
        done = subprocess.run([verify, "verify", file], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_what_is_not_so_is_found() -> None:
    assert run("1 + 1  # → 2", "page", {}) == 1
    with pytest.raises(AssertionError, match="page, line 2"):
        run("x = 1\nx  # → 2", "page", {})
    assert blocks("a\n```python\n1\n```\nb\n```sh\n2\n```\n```python\n3\n```\n") == [
        "\n\n1\n",
        "\n" * 9 + "3\n",
    ]
