"""The list of music is whole, and only right files are kept of it: over loopback, however it breaks off."""

import csv
import hashlib
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest
from bench.accuracy.truth import BadTableError
from bench.music.__main__ import app
from bench.music.fetch import Wanted, fetch_all, read_noted, wanted_of, write_noted
from bench.music.manifest import COLUMNS, MUSIC, ROLES, Piece, list_music, read_music, write_music
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

SOUND = bytes(range(256)) * 400
SHA = hashlib.sha256(SOUND).hexdigest()
NAME = "catalogue/a-song.opus"


@dataclass
class Server:
    """What it serves by path, how it misbehaves, and what it was asked for."""

    files: dict[str, bytes]
    address: str = ""
    etag: str = '"one"'
    stop_after: int | None = None
    """Bytes of an answer after which the line breaks, once."""
    wrong_start: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and Range."""


def handler_of(server: Server) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range", "")
            server.asked.append((self.path, wanted))
            content = server.files.get(self.path)
            if content is None:
                self.send_error(404)
                return
            start = 0
            if wanted and self.headers.get("If-Range") == server.etag:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                if start >= len(content):
                    self.send_error(416)
                    return
                told = start + 1 if server.wrong_start else start
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {told}-{len(content) - 1}/{len(content)}")
            else:
                self.send_response(200)
            body = content[start:]
            self.send_header("Content-Length", str(len(body)))
            if server.etag:
                self.send_header("ETag", server.etag)
            self.end_headers()
            if server.stop_after is not None:
                body, server.stop_after = body[: server.stop_after], None
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            return

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server({f"/{NAME}": SOUND})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler_of(told)) as listening:
        told.address = f"http://127.0.0.1:{listening.server_address[1]}/"
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield told
        listening.shutdown()
        thread.join()


def piece(**more: object) -> Piece:
    made = Piece(NAME, "A song", "Somebody", "", "", "CC0-1.0", "https://there/a.ogg", len(SOUND), SHA)
    return replace(made, **more)  # type: ignore[arg-type]


def fetch(server: Server, folder: Path, *pieces: Piece) -> tuple[list[str], list[str], dict[str, str]]:
    with httpx.Client(timeout=5) as client:
        wanted = wanted_of(pieces or [piece()], server.address, {})
        got, _ = fetch_all(client, wanted, folder, lambda _: None, pause_s=0)
    return got.fetched, got.kept, got.failed


# --- the list --------------------------------------------------------------------------------------


def test_the_list_has_every_column_and_plausible_values() -> None:
    pieces = read_music()
    assert {p.role for p in pieces} == set(ROLES)
    assert len({p.file for p in pieces}) == len(pieces) > 250
    songs = [p.sha256 for p in pieces if p.role in ("catalogue", "unknown")]
    assert len(set(songs)) == len(songs)
    for p in pieces:
        assert p.title
        assert p.source.startswith("https://raw.githubusercontent.com/")
        assert " " not in p.source
        assert 1_000 < p.bytes < 5_000_000
        assert Path(p.published_as).parent == Path(p.file).parent


def test_the_relatives_are_of_the_list() -> None:
    stems = {Path(p.file).stem for p in read_music()}
    with MUSIC.with_name("related.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all({r["a"], r["b"]} <= stems for r in rows)


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("file", "catalogue/../../x", "plain name"),
        ("file", "/etc/x", "plain name"),
        ("file", "elsewhere/x.opus", "plain name"),
        ("file", "catalogue/.hidden", "plain name"),
        ("sha256", "xyz", "64 digits"),
        ("sha256", SHA.upper(), "64 digits"),
        ("bytes", "0", "a number"),
        ("bytes", "-4", "a number"),
        ("source", "file:///etc/passwd", "https://"),
        ("licence", "", "licence"),
    ],
)
def test_a_bad_line_is_told_with_its_number(tmp_path: Path, column: str, value: str, says: str) -> None:
    path = tmp_path / "music.csv"
    write_music(path, [piece(), piece(**{column: value})])
    with pytest.raises(BadTableError, match=f"line 3.*{says}"):
        read_music(path)


@given(st.lists(st.text(max_size=30), min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_no_line_leads_out_of_the_folder(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    path = tmp_path_factory.mktemp("list") / "music.csv"
    with path.open("w", newline="", encoding="utf-8", errors="replace") as file:
        csv.writer(file).writerows([COLUMNS, cells])
    try:
        pieces = read_music(path)
    except BadTableError:
        return
    assert all(p.role in ROLES and ".." not in Path(p.file).parts for p in pieces)


def test_the_list_is_made_of_a_folder_and_notices_another_file(tmp_path: Path) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / NAME).write_bytes(SOUND)
    head = "file,title,artist,genre,language,source_repo,source_path,licence,sha256\n"
    line = f"{NAME},A song,Somebody,,,there/repo,music/a b.ogg,CC0-1.0,"
    (tmp_path / "manifest.csv").write_text(head + line + SHA + "\n")
    (made,) = list_music(tmp_path)
    assert made == piece(source="https://raw.githubusercontent.com/there/repo/HEAD/music/a%20b.ogg")
    (tmp_path / NAME).write_bytes(b"another")
    with pytest.raises(BadTableError, match="not the file"):
        list_music(tmp_path)


# --- getting it ------------------------------------------------------------------------------------


def test_a_file_is_fetched_once(server: Server, tmp_path: Path) -> None:
    assert fetch(server, tmp_path) == ([NAME], [], {})
    assert (tmp_path / NAME).read_bytes() == SOUND
    assert fetch(server, tmp_path) == ([], [NAME], {})
    assert len(server.asked) == 1
    assert [p.name for p in (tmp_path / "catalogue").iterdir()] == ["a-song.opus"]


def test_what_broke_off_goes_on_where_it_was(server: Server, tmp_path: Path) -> None:
    server.stop_after = 70_000
    assert fetch(server, tmp_path)[0] == [NAME]
    assert (tmp_path / NAME).read_bytes() == SOUND
    first, second = (wanted for _, wanted in server.asked)
    assert first == ""
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) <= 70_000


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_strong_mark_it_begins_anew(server: Server, tmp_path: Path, etag: str) -> None:
    server.etag, server.stop_after = etag, 70_000
    assert fetch(server, tmp_path)[0] == [NAME]
    assert [wanted for _, wanted in server.asked] == ["", ""]


def test_a_part_of_another_version_is_not_gone_on_with(server: Server, tmp_path: Path) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / f"{NAME}.part").write_bytes(b"old" * 1000)
    (tmp_path / f"{NAME}.part.etag").write_text('"before"')
    assert fetch(server, tmp_path)[0] == [NAME]
    assert (tmp_path / NAME).read_bytes() == SOUND


@pytest.mark.parametrize("length", [len(SOUND) + 5, len(SOUND)])
def test_a_part_that_is_as_long_as_the_file_or_longer(server: Server, tmp_path: Path, length: int) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / f"{NAME}.part").write_bytes((SOUND + b"more!")[:length])
    (tmp_path / f"{NAME}.part.etag").write_text('"one"')
    assert fetch(server, tmp_path)[0] == [NAME]
    assert (tmp_path / NAME).read_bytes() == SOUND


def test_another_part_than_was_asked_for_is_thrown_away(server: Server, tmp_path: Path) -> None:
    server.wrong_start, server.stop_after = True, 70_000
    assert fetch(server, tmp_path)[0] == [NAME]
    assert (tmp_path / NAME).read_bytes() == SOUND
    assert [wanted == "" for _, wanted in server.asked] == [True, False, True]


@pytest.mark.parametrize("content", [SOUND[:-1] + b"x", SOUND + b"x", SOUND[:-1], b""])
def test_another_file_is_not_kept(server: Server, tmp_path: Path, content: bytes) -> None:
    server.files[f"/{NAME}"] = content
    _, _, failed = fetch(server, tmp_path)
    assert "another file; not kept" in failed[NAME]
    assert list((tmp_path / "catalogue").iterdir()) == []


def test_a_damaged_file_is_fetched_anew(server: Server, tmp_path: Path) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / NAME).write_bytes(b"damaged")
    assert fetch(server, tmp_path) == ([NAME], [], {})
    assert (tmp_path / NAME).read_bytes() == SOUND


def test_one_that_is_not_there_keeps_none_of_the_others(server: Server, tmp_path: Path) -> None:
    fetched, _, failed = fetch(server, tmp_path, piece(file="catalogue/gone.opus"), piece())
    assert fetched == [NAME]
    assert list(failed) == ["catalogue/gone.opus"]
    assert "404" in failed["catalogue/gone.opus"]
    assert "look where" in failed["catalogue/gone.opus"]


def test_a_line_that_is_dead_is_told_and_the_part_stays(server: Server, tmp_path: Path) -> None:
    wanted = [Wanted("http://127.0.0.1:9/x.opus", NAME, SHA, len(SOUND))]
    (tmp_path / "catalogue").mkdir()
    (tmp_path / f"{NAME}.part").write_bytes(SOUND[:100])
    with httpx.Client(timeout=5) as client:
        got, hashes = fetch_all(client, wanted, tmp_path, lambda _: None, pause_s=0)
    assert "the same command goes on" in got.failed[NAME]
    assert hashes == {}
    assert (tmp_path / f"{NAME}.part").read_bytes() == SOUND[:100]


def test_what_was_published_is_noted_and_must_stay_the_same(server: Server, tmp_path: Path) -> None:
    server.files["/a.ogg"] = b"published"
    pieces = [piece(source=f"{server.address}a.ogg")]
    name = "catalogue/a-song.ogg"

    def again() -> dict[str, str]:
        with httpx.Client(timeout=5) as client:
            wanted = wanted_of(pieces, None, read_noted(tmp_path))
            got, hashes = fetch_all(client, wanted, tmp_path, lambda _: None, pause_s=0)
        write_noted(tmp_path, {**read_noted(tmp_path), **hashes})
        return got.failed

    assert again() == {}
    assert read_noted(tmp_path) == {name: hashlib.sha256(b"published").hexdigest()}
    (tmp_path / name).unlink()
    server.files["/a.ogg"] = b"changed since"
    assert "another file" in again()[name]


# --- the command -----------------------------------------------------------------------------------


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    return result.exit_code, result.output


@pytest.fixture
def music(tmp_path: Path) -> Path:
    path = tmp_path / "music.csv"
    write_music(path, [piece(), piece(file="noise/rain.opus", source="https://there/rain.wav")])
    return path


def test_the_command_gets_a_role_and_describes_it(server: Server, tmp_path: Path, music: Path) -> None:
    out = tmp_path / "out"
    told = ("--out", out, "--from", server.address, "--music", music)
    code, text = run(*told, "--roles", "catalogue")
    assert (code, "1 fetched, 0 were there, 0 not got" in text) == (0, True)
    assert read_music(out / "manifest.csv") == [piece()]
    assert (out / "related.csv").exists()
    code, text = run(*told)
    assert (code, "0 fetched, 1 were there, 1 not got" in text, "noise/rain.opus" in text) == (1, True, True)
    assert run(*told, "--roles", "noise")[0] == 1
    assert read_music(out / "manifest.csv") == [piece()]  # what another role brought is still described


def test_a_dry_run_asks_and_writes_nothing(server: Server, tmp_path: Path, music: Path) -> None:
    code, text = run("--out", tmp_path / "out", "--from", server.address, "--music", music, "--dry-run")
    assert code == 0
    assert f"{server.address}{NAME} -> {NAME}" in text
    assert "2 of 2 files would be fetched" in text
    code, text = run("--out", tmp_path / "out", "--music", music, "--dry-run")
    assert "https://there/rain.wav -> noise/rain.wav" in text
    assert server.asked == []
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give --out FOLDER"),
        (("--out", "x", "--from", "ftp://there"), "begins with https://"),
        (("--out", "x", "--roles", "songs"), "give one or more of catalogue"),
        (("--out", "x", "--music", "missing.csv"), "there is no missing.csv"),
    ],
)
def test_wrong_calls_say_what_to_give(arguments: tuple[str, ...], says: str) -> None:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 1
    assert says in str(result.exception) + result.output
