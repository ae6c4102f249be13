"""Processes that decode may crash, hang, or be killed: one file is lost, and the next is heard."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import CommandLine
from tests.handmade import wav

from sonica.audio import AudioError, Limits, Sandbox, listen
from sonica.audio.sandbox import FILES_EACH, WORKER
from sonica.platform import programs

ACTING = """
import ctypes, os, signal, sys, time
from sonica.audio import listen, worker

def act(path, *arguments, on_block, **options):
    name = os.path.basename(path)
    if name == "crash":
        ctypes.string_at(0)
    if name == "abort":
        os.abort()
    if name == "exit":
        sys.exit(7)
    if name == "bug":
        raise ZeroDivisionError("a bug")
    if name == "greedy":
        hoard = bytearray(3 << 30)
    if name == "babble":
        os.write(int(sys.argv[1]), b"!" * 100)
        time.sleep(600)
    if name in ("hang", "spin"):
        open(path + ".pid", "w").write(str(os.getpid()))
        os.rename(path + ".pid", path + ".begun")
    while name == "spin":
        pass
    if name == "hang":
        time.sleep(600)
    if name == "slow":
        for _ in range(3):
            time.sleep(1.1)
            on_block()
    return listen(sys.argv[-2], *arguments, on_block=on_block, **options)

worker.main(act)
"""
"""A worker that does what the name of the file says."""


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.wav"
    path.write_bytes(wav(np.random.default_rng(0).integers(-9_000, 9_000, 32_000).astype(np.int16), 8_000))
    return path


@pytest.fixture
def acting(clip: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox of one process, which acts; any other file is heard as `clip`."""
    source = ACTING.replace("sys.argv[-2]", repr(str(clip)))
    with Sandbox(1, program=[sys.executable, "-P", "-c", source]) as sandbox:
        yield sandbox
    assert children() == set()


others: set[int] = set()
"""What this process had started before: the database of tests in other files."""


@pytest.fixture(autouse=True)
def _others() -> None:
    others.clear()
    others.update(children())


def children() -> set[int]:
    """The processes that this one has started meanwhile, also those that ended and were not asked how."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == os.getpid():
            found.add(int(stat.parent.name))
    return found - others


def failure(sandbox: Sandbox, path: Path, limits: Limits | None = None) -> AudioError:
    with pytest.raises(AudioError) as caught:
        sandbox.listen(path, limits or Limits())
    assert caught.value.hint
    return caught.value


def eventually(holds: Callable[[], bool]) -> None:
    while not holds():
        time.sleep(0.01)


def test_it_hears_what_listen_hears(music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = os.fsdecode(b"caf\xe9 \xe0\xa4\x97.flac")
    (tmp_path / name).write_bytes((music / "1.flac").read_bytes())
    monkeypatch.chdir(tmp_path)
    with Sandbox(1) as sandbox:
        here, there = listen(music / "1.flac"), sandbox.listen(music / "1.flac", with_cover=True)
        assert (there.fingerprint, there.duration_s, there.tags) == (
            here.fingerprint,
            here.duration_s,
            here.tags,
        )
        assert there.decoding_s > 0
        assert sandbox.listen(name, first=2.0).duration_s == 2.0
        assert failure(sandbox, tmp_path / "none.mp3").code == "not_found"
        assert failure(sandbox, Path("\0")).code == "unreadable"
        assert failure(sandbox, music / "1.flac", Limits(seconds=3.0)).code == "too_long"
        (only,) = children()
    assert only not in children()


@pytest.mark.parametrize(
    "end",
    [
        ("crash", "crashed", "SIGSEGV"),
        ("abort", "crashed", "SIGABRT"),
        ("exit", "crashed", "exit status 7"),
        ("babble", "crashed", "nonsense"),
        ("bug", "crashed", "ZeroDivisionError: a bug"),
        ("hang", "time", "no further for 2 seconds"),
        ("spin", "time", "no further for 2 seconds"),
        ("greedy", "memory", "more memory"),
    ],
    ids=lambda end: end[0],
)
def test_one_file_is_lost_and_the_next_is_heard(
    end: tuple[str, str, str], acting: Sandbox, tmp_path: Path, clip: Path
) -> None:
    act, code, said = end
    limits = Limits(stalled_seconds=2) if code == "time" else Limits()
    error = failure(acting, tmp_path / act, limits)
    assert (error.code, said in error.message) == (code, True), error.message
    expected = listen(clip).fingerprint
    assert acting.listen(clip).fingerprint == expected
    assert failure(acting, tmp_path / act, limits).code == code  # also where one was heard before
    assert acting.listen(clip).fingerprint == expected
    assert len(children()) == 1


def test_slow_is_not_hung(acting: Sandbox, tmp_path: Path) -> None:
    assert acting.listen(tmp_path / "slow", Limits(stalled_seconds=3)).duration_s == 4.0


def killed_while_it_listens(sandbox: Sandbox, path: Path) -> list[AudioError]:
    errors = []

    def ask() -> None:
        try:
            sandbox.listen(path, Limits(stalled_seconds=3))
        except AudioError as error:
            errors.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    begun = Path(f"{path}.begun")
    eventually(begun.exists)
    os.kill(int(begun.read_text()), signal.SIGKILL)
    asking.join()
    return errors


def test_killed_in_the_midst_of_a_file(acting: Sandbox, tmp_path: Path, clip: Path) -> None:
    (error,) = killed_while_it_listens(acting, tmp_path / "hang")
    assert (error.code, "SIGKILL" in error.message) == ("crashed", True)
    assert acting.listen(clip).duration_s == 4.0


def test_a_file_is_heard_again_where_another_may_be_to_blame(acting: Sandbox, tmp_path: Path) -> None:
    """Killed after it has heard one file: the next process tries, and hangs in its turn."""
    acting.listen(tmp_path / "any")
    (error,) = killed_while_it_listens(acting, tmp_path / "hang")
    assert error.code == "time"


def test_killed_between_two_files(clip: Path) -> None:
    with Sandbox(1) as sandbox:
        first = sandbox.listen(clip)
        (process,) = children()
        os.kill(process, signal.SIGKILL)
        assert sandbox.listen(clip).fingerprint == first.fingerprint
        assert process not in children()


def test_closing_frees_whoever_waits(acting: Sandbox, tmp_path: Path) -> None:
    caught: list[Exception] = []

    def ask() -> None:
        try:
            acting.listen(tmp_path / "hang")
        except RuntimeError as error:
            caught.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    eventually((tmp_path / "hang.begun").exists)
    acting.close()
    asking.join()
    assert len(caught) == 1
    assert children() == set()
    with pytest.raises(RuntimeError):
        acting.listen(tmp_path / "any")


def test_several_threads_share_the_processes(music: Path) -> None:
    told: dict[int, bytes] = {}
    with Sandbox(2) as sandbox:

        def ask(number: int) -> None:
            told[number] = sandbox.listen(music / f"{number % 3}.flac", first=3.0).fingerprint

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 1 <= len(children()) <= 2
    assert [told[number] for number in range(9)] == [told[number] for number in range(3)] * 3
    assert len(set(told.values())) == 3


def test_a_process_is_replaced_in_time(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert FILES_EACH > 100
    monkeypatch.setattr("sonica.audio.sandbox.FILES_EACH", 2)
    with Sandbox(1) as sandbox:
        seen = []
        for _ in range(4):
            sandbox.listen(clip)
            seen.append(children())
    assert (len(seen[0]), seen[1], len(seen[2]), seen[3]) == (1, set(), 1, set())
    assert seen[0] != seen[2]


@pytest.mark.parametrize(
    "program", [["false"], ["no-such-program"], [sys.executable, "-c", "print('no worker')"]]
)
def test_a_process_that_cannot_be_started(program: list[str], clip: Path) -> None:
    with Sandbox(1, program=program) as sandbox:
        assert failure(sandbox, clip).code == "no_process"
    assert children() == set()


def marked(mark: str) -> set[int]:
    """The living processes with this in their environment."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.add(int(path.parent.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_goes_on_when_the_command_is_ended(
    how: signal.Signals, sonica: CommandLine, music: Path
) -> None:
    mark = f"SONICA_HOME={sonica.home}"
    process = sonica.start(
        "add",
        *[music / f"{number % 6}.flac" for number in range(300)],
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    eventually(lambda: len(marked(mark)) >= 2)  # the command, and one that decodes
    os.killpg(process.pid, how)
    process.communicate(timeout=60)
    eventually(lambda: not marked(mark))
    assert process.returncode in {130, -signal.SIGKILL}


def test_a_process_that_was_begun_early_is_the_one_that_is_used(music: Path) -> None:
    programs.start_early(WORKER)
    [(_, early)] = programs._early
    with Sandbox(1) as sandbox:
        sandbox.listen(music / "1.flac")
        [process] = sandbox._idle
        assert process._process is early.process
        sandbox.listen(music / "2.flac")
    assert programs._early == []
    assert early.process.poll() is not None


def test_a_process_that_was_begun_early_and_is_not_wanted_ends_with_the_command() -> None:
    source = (
        "from sonica.platform import programs; programs.start_early(programs.module('sonica.audio.worker'))"
    )
    began = "print(programs._early[0][1].process.pid)"
    ran = subprocess.run([sys.executable, "-c", f"{source}; {began}"], capture_output=True, check=True)
    eventually(lambda: not Path(f"/proc/{int(ran.stdout)}/cmdline").exists())


def test_one_that_cannot_be_begun_early_is_told_when_it_is_wanted(tmp_path: Path, clip: Path) -> None:
    missing = (str(tmp_path / "nothing"),)
    programs.start_early(missing)
    with Sandbox(1, program=missing) as sandbox, pytest.raises(AudioError) as caught:
        sandbox.listen(clip)
    assert caught.value.code == "no_process"
