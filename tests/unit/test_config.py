"""What the operator chose: where it is read from, what is refused, and how the file is changed."""

import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonica.cli.thresholds import check_thresholds
from sonica.platform import config
from sonica.platform.config import FILE, Choice, Key, read_config, write_config
from sonica.platform.settings import SettingsError


def says(home: Path, text: str) -> Path:
    (home / FILE).write_text(text)
    return home


def anything(_: Mapping[Key, float]) -> None:
    """A check that accepts everything."""


def refused(home: Path, environ: Mapping[str, str]) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read_config(home, environ)
    return caught.value


def test_nothing_was_chosen(tmp_path: Path) -> None:
    assert read_config(tmp_path, {}) == {}
    assert read_config(tmp_path / "none", {"SONICA_MATCH_AT": ""}) == {}
    assert read_config(says(tmp_path, "# nothing yet\n\n"), {}) == {}
    assert not (tmp_path / "none").exists()


def test_the_environment_stands_above_the_file(tmp_path: Path) -> None:
    says(tmp_path, "match_at = 0.8\nunsure_at = 0\n")
    file = str(tmp_path / FILE)
    assert read_config(tmp_path, {}) == {
        "match_at": Choice(0.8, "file", file),
        "unsure_at": Choice(0.0, "file", file),
    }
    assert read_config(tmp_path, {"SONICA_MATCH_AT": "0.7"}) == {
        "match_at": Choice(0.7, "environment", "SONICA_MATCH_AT"),
        "unsure_at": Choice(0.0, "file", file),
    }


@pytest.mark.parametrize("said", ["1.1", "-0.1", "nan", "inf", "high", "0,9", "true"])
def test_a_variable_that_is_no_confidence_is_named(said: str, tmp_path: Path) -> None:
    error = refused(tmp_path, {"SONICA_UNSURE_AT": said})
    assert error.code == "config_bad_value"
    assert "SONICA_UNSURE_AT" in error.message
    assert said.lstrip("+") in error.message
    assert "0 to 1" in error.hint


@pytest.mark.parametrize(
    "said", ["1.1", "-1", "nan", "inf", '"0.9"', "true", "[0.9]", "{a = 1}", "1979-05-27"]
)
def test_a_value_in_the_file_that_is_no_confidence_is_named(said: str, tmp_path: Path) -> None:
    error = refused(says(tmp_path, f"unsure_at = 0.1\nmatch_at = {said}\n"), {})
    assert error.code == "config_bad_value"
    assert "match_at" in error.message
    assert str(tmp_path / FILE) in error.message
    assert "0 to 1" in error.hint


@pytest.mark.parametrize(
    "text", ["mach_at = 0.9", "[match_at]\nvalue = 1\nother = 2\n[thresholds]\nmatch_at = 0.9"]
)
def test_a_setting_that_there_is_not_is_named_with_those_that_there_are(text: str, tmp_path: Path) -> None:
    error = refused(says(tmp_path, text), {})
    assert error.code == "config_unknown_key"
    assert str(tmp_path / FILE) in error.message
    assert "mach_at" in error.message or "thresholds" in error.message
    assert "match_at and unsure_at" in error.hint


@pytest.mark.parametrize("content", [b"match_at 0.9", b"match_at = 0.9\nmatch_at = 0.8", b"\xff\xfe", b"= 1"])
def test_a_file_that_cannot_be_understood(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    error = refused(tmp_path, {})
    assert error.code == "config_unreadable"
    assert str(tmp_path / FILE) in error.message
    with pytest.raises(SettingsError):
        write_config(tmp_path, "match_at", 0.5, anything)
    assert (tmp_path / FILE).read_bytes() == content


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    error = refused(tmp_path, {})
    assert (error.code, str(tmp_path / FILE) in error.message) == ("config_unreadable", True)


def test_setting_and_taking_out(tmp_path: Path) -> None:
    write_config(tmp_path, "match_at", 0.9, anything)
    assert (tmp_path / FILE).read_text() == "match_at = 0.9\n"
    write_config(tmp_path, "unsure_at", 1e-5, anything)
    write_config(tmp_path, "match_at", 1, anything)
    assert {key: one.value for key, one in read_config(tmp_path, {}).items()} == {
        "match_at": 1.0,
        "unsure_at": 1e-5,
    }
    write_config(tmp_path, "match_at", None, anything)
    write_config(tmp_path, "match_at", None, anything)
    assert (tmp_path / FILE).read_text() == "unsure_at = 1e-05\n"


def test_what_a_hand_wrote_stays(tmp_path: Path) -> None:
    says(tmp_path, '# Ours.\n\n  "match_at" =   0.8   # agreed in May\nunsure_at=0.3')
    write_config(tmp_path, "match_at", 0.75, anything)
    expected = '# Ours.\n\n  "match_at" =   0.75   # agreed in May\nunsure_at=0.3\n'
    assert (tmp_path / FILE).read_text() == expected
    write_config(tmp_path, "unsure_at", None, anything)
    assert (tmp_path / FILE).read_text() == expected.replace("unsure_at=0.3\n", "")


def test_what_a_program_cannot_change_is_left_alone(tmp_path: Path) -> None:
    text = '"match\\u005fat" = 0.8\n'
    with pytest.raises(SettingsError, match="no program should change"):
        write_config(says(tmp_path, text), "match_at", 0.9, anything)
    assert (tmp_path / FILE).read_text() == text


def test_what_is_refused_changes_nothing(tmp_path: Path) -> None:
    says(tmp_path, "unsure_at = 0.5\n")
    with pytest.raises(SettingsError) as caught:
        write_config(tmp_path, "match_at", 0.4, check_thresholds)
    assert caught.value.code == "config_thresholds"
    with pytest.raises(SettingsError) as caught:
        write_config(tmp_path, "match_at", float("nan"), anything)
    assert caught.value.code == "config_bad_value"
    assert (tmp_path / FILE).read_text() == "unsure_at = 0.5\n"


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says(tmp_path, "match_at = 0.8\n")

    def fail(_: object, __: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="no room"):
        write_config(tmp_path, "match_at", 0.9, anything)
    assert (tmp_path / FILE).read_text() == "match_at = 0.8\n"
    assert not list(tmp_path.glob(".writing-*"))


def test_changes_at_once_lose_none(tmp_path: Path) -> None:
    """Each writer holds the lock from reading to writing: neither of the two settings is ever lost."""
    ready = threading.Barrier(2)

    def write(key: Key) -> None:
        ready.wait()
        for number in range(40):
            write_config(tmp_path, key, number / 40, anything)

    threads = [threading.Thread(target=write, args=(key,)) for key in ("match_at", "unsure_at")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {key: one.value for key, one in read_config(tmp_path, {}).items()} == {
        "match_at": 39 / 40,
        "unsure_at": 39 / 40,
    }


def test_the_lock_is_held_between_processes(tmp_path: Path) -> None:
    """Another process that changes the file waits until we have."""
    other = (
        "import sys; from pathlib import Path; from sonica.platform.config import write_config;"
        "write_config(Path(sys.argv[1]), 'unsure_at', 0.25, lambda _: print('inside', flush=True))"
    )
    started: list[subprocess.Popen[bytes]] = []

    def meanwhile(_: Mapping[Key, float]) -> None:
        started.append(subprocess.Popen([sys.executable, "-c", other, tmp_path], stdout=subprocess.PIPE))
        with pytest.raises(subprocess.TimeoutExpired):
            started[0].wait(1.0)

    write_config(tmp_path, "match_at", 0.75, meanwhile)
    out, _ = started[0].communicate(timeout=60)
    assert (started[0].returncode, out) == (0, b"inside\n")
    assert (tmp_path / FILE).read_text() == "match_at = 0.75\nunsure_at = 0.25\n"


@given(
    before=st.dictionaries(st.sampled_from(["match_at", "unsure_at"]), st.floats(0, 1)),
    key=st.sampled_from(["match_at", "unsure_at"]),
    value=st.none() | st.floats(0, 1),
)
def test_any_change_is_read_back(before: dict[str, float], key: Key, value: float | None) -> None:
    text = "# first\n" + "".join(f"{name} = {number!r} # {name}\n" for name, number in before.items())
    edited = config._edited(text, key, value)
    after = {name: number for name, number in before.items() if name != key}
    if value is not None:
        after[key] = value
    assert config._parse(Path("any"), edited) == after
    assert edited.startswith("# first\n")
