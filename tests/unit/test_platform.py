"""Settings, whole files, locks, and work in order."""

import threading
import time
from pathlib import Path

import pytest

from sonica.platform.errors import SonicaError
from sonica.platform.failures import Failure
from sonica.platform.files import end_of_name, exclusive_lock, replacing, write_atomically
from sonica.platform.parallel import AHEAD, in_order
from sonica.platform.settings import Settings, SettingsError, load_settings


def test_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings({"SONICA_HOME": "there"}).home == tmp_path / "there"
    assert load_settings({"SONICA_HOME": "~/there"}).home == tmp_path / "there"
    assert load_settings({}).home == load_settings({"SONICA_HOME": ""}).home
    assert load_settings({}).home.name == "sonica"
    home = Settings(tmp_path / "a" / "b").create_home()
    assert home.is_dir()
    assert Settings(home).create_home() == home


def test_how_long_a_recording_may_be() -> None:
    assert load_settings({}).longest_s is None
    assert load_settings({"SONICA_LONGEST_MINUTES": "90.5"}).longest_s == 5430
    for said in ("0", "241", "nan", "an hour", "-5", "1e400"):
        with pytest.raises(SettingsError) as caught:
            load_settings({"SONICA_LONGEST_MINUTES": said})
        assert caught.value.code == "longest_bad_value"
        assert "1 to 240" in caught.value.hint


def test_finding_the_data_folder_creates_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert Settings(tmp_path).find_home() == tmp_path
    assert Settings(tmp_path / "a" / "b").find_home() == tmp_path / "a" / "b"
    assert not (tmp_path / "a").exists()
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(SettingsError) as caught:
            Settings(home).find_home()
        assert caught.value.code == "home_not_a_folder"


def test_a_data_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(SettingsError) as caught:
        Settings(tmp_path).create_home()
    assert caught.value.code == "home_not_writable"


def test_a_file_is_replaced_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.bin"
    write_atomically(path, b"old")

    def fail_half_way() -> None:
        with replacing(path) as temporary:
            temporary.write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert path.read_bytes() == b"old"
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert [file.name for file in path.parent.iterdir()] == ["a.bin"]


def test_one_holder_of_a_lock_at_a_time(tmp_path: Path) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            with exclusive_lock(tmp_path / "lock"):
                inside += 1
                most = max(most, inside)
                time.sleep(0.0005)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_results_come_in_order_and_not_too_far_ahead() -> None:
    begun: list[int] = []

    def work(item: int) -> int:
        begun.append(item)
        time.sleep(0.01 if item % 3 == 0 else 0)
        return item * item

    results = in_order(work, range(100), workers=3)
    assert next(results) == 0
    assert len(begun) <= 3 * AHEAD
    assert list(results) == [n * n for n in range(1, 100)]


def test_stopping_early_drops_the_rest() -> None:
    begun: list[int] = []
    results = in_order(begun.append, range(1000), workers=2)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert len(begun) <= 2 * AHEAD


def test_what_has_begun_can_be_ended_when_the_caller_stops() -> None:
    ended = threading.Event()

    def work(item: int) -> int:
        if item:
            ended.wait()
        return item

    results = in_order(work, range(100), workers=2, abandon=ended.set)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert ended.is_set()
    ended.clear()
    assert list(in_order(lambda item: item, range(9), abandon=ended.set)) == list(range(9))
    assert not ended.is_set()


def test_an_error_in_the_work_arrives() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda item: 1 // item, [1, 0, 1]))


@pytest.mark.parametrize("name", ["a.flac", "x" * 300 + ".flac", "ग" * 90 + ".flac", "𝄞" * 90 + ".flac"])
def test_the_end_of_a_name_can_name_a_file(tmp_path: Path, name: str) -> None:
    end = end_of_name(name, 80)
    (tmp_path / end).touch()
    assert name.endswith(end)
    assert end.endswith(".flac")
    assert len(end) <= 80
    assert end == name or len(end) == 80 or len(end.encode()) > 196  # no shorter than it must be


def test_a_failure_hides_its_hint_from_programs() -> None:
    failure = Failure.of(SonicaError("code", "What happened.", "What to do."))
    assert failure.hint == "What to do."
    assert failure.model_dump() == {"code": "code", "message": "What happened."}
