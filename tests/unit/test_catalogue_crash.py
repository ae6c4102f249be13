"""A catalogue whose writer is killed, and one with two writers at once."""

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import CommandLine

from sonica.audio import listen
from sonica.catalogue import Catalogue, find_files
from sonica.platform.shared import close_shared

CHILD = """
import os, signal, sys
from pathlib import Path
import sonica.catalogue.store
from sonica.audio import listen
from sonica.catalogue import Catalogue, find_files

home, what, argument, count = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
catalogue, real = Catalogue(home, listen=listen), os.fsync

def fsync(descriptor):
    global count
    count -= 1
    if count == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)

def publish(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if count < 0:
    sonica.catalogue.store.append_commits = publish
os.fsync = fsync
print("ready", flush=True)
sys.stdin.readline()
if what == "add":
    for outcome in catalogue.add(find_files([Path(argument)])):
        print(outcome.file, flush=True)
elif what == "remove":
    catalogue.remove([int(argument)])
    print("removed", flush=True)
elif what == "merge":
    catalogue.merge()
elif what == "split":
    catalogue.detach(int(argument))
elif what == "rebuild":
    catalogue.rebuild()
print("done", flush=True)
"""

Step = tuple[str, object]


def start(home: Path, step: Step, kill_at: int = 0) -> subprocess.Popen[str]:
    """A process that is about to take a step, and will be killed at that sync; 0 for never.

    -1: between the commit in the database and its publication.
    """
    arguments = [sys.executable, "-c", CHILD, str(home), step[0], str(step[1]), str(kill_at)]
    child = subprocess.Popen(
        arguments,
        env=CommandLine.databases.environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    return child


def searchable(home: Path) -> set[int]:
    """The recordings that can be found, which must be those that are known; and `verify` is clean."""
    catalogue = Catalogue(home)
    packs, absent = catalogue.open_packs()
    rows = [row.recording_id for pack in packs for row in pack.recordings()]
    ids = sorted(id_ for id_ in rows if id_ not in absent)
    assert len(ids) == len(catalogue) == len(set(ids))
    assert len(catalogue.describe(ids)) == len(ids)
    assert [finding for finding in catalogue.verify() if finding.kind == "error"] == []
    return set(ids)


@pytest.fixture(scope="session")
def stocked_folder(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six songs and a copy of one of them, in as many small packs as are left alone."""
    home = tmp_path_factory.mktemp("stocked")
    copy = tmp_path_factory.mktemp("copy") / "copy.flac"
    shutil.copy(music / "0.flac", copy)
    catalogue = Catalogue(home, listen=listen)
    for path in (*sorted(music.iterdir()), copy):
        list(catalogue.add(find_files([path])))
    assert len(catalogue.open_packs().packs) == 4  # one of four songs, three of one
    return home


def piled_up(home: Path, music: Path) -> None:
    """One pack more, so that there is something to merge, but nobody merged it yet."""
    eighth = home / "eighth.flac"
    eighth.write_bytes((music / "5.flac").read_bytes() + b"\0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sonica.catalogue.adding.merge", lambda _: 0)
        list(Catalogue(home, listen=listen).add(find_files([eighth])))


STEPS: dict[str, Callable[[Path], Step]] = {
    "add": lambda music: ("add", music),
    "remove": lambda _: ("remove", 2),
    "merge": lambda _: ("merge", ""),
    "split": lambda _: ("split", 7),
    "rebuild": lambda _: ("rebuild", ""),
}


def prepared(what: str, stocked_folder: Path, music: Path, home: Path) -> Path:
    """The folder before a step."""
    if what == "add":
        return home
    shutil.copytree(stocked_folder, home)
    if what == "merge":
        piled_up(home, music)
    return home


@pytest.mark.parametrize("what", STEPS)
def test_killed_at_each_sync(what: str, stocked_folder: Path, music: Path, tmp_path: Path) -> None:
    """Before and after it all is well, and the step can be taken again."""
    before = prepared(what, stocked_folder, music, tmp_path / "before")
    was = searchable(before)
    step = STEPS[what](music / "1.flac")
    for kill_at in range(1, 100, 4 if what == "rebuild" else 1):
        home = tmp_path / str(kill_at)
        if before.exists():
            shutil.copytree(before, home)
        child = start(home, step, kill_at)
        child.communicate("\n")
        now = searchable(home)
        # All of it, or nothing: what was added is {1}, what is removed is {2}.
        assert now in (was, was ^ {1 if what == "add" else 2} if what in {"add", "remove"} else was)
        if child.returncode == 0:
            break
        assert child.returncode == -signal.SIGKILL
        again = start(home, step)
        again.communicate("\n")
        assert again.returncode == 0 or what in {"remove", "split"}  # if that was done already
        searchable(home)
        catalogue = Catalogue(home)
        catalogue.edit(catalogue.songs()[0].song.id, {"genre": f"changed {kill_at}"})
        left = {path.name for path in (home / "packs").iterdir()}
        assert left == set(Catalogue(home)._store.read().packs)
    assert kill_at > 2


@pytest.mark.parametrize("what", STEPS)
def test_killed_before_what_is_in_the_database_is_published(
    what: str, stocked_folder: Path, music: Path, tmp_path: Path
) -> None:
    """It is not reported; the next writer, or the next start of the service, publishes it."""
    home = prepared(what, stocked_folder, music, tmp_path / "home")
    was = searchable(home)
    Catalogue(home).catch_up()  # a database that takes the folder in publishes nothing
    child = start(home, STEPS[what](music / "1.flac"), -1)
    said = child.communicate("\n")[0]
    assert (child.returncode, said) == (-signal.SIGKILL, "")
    before, log = Catalogue(home), home / "feed.log"
    lines = log.read_bytes().count(b"\n") if log.exists() else 0
    assert len(before) == len(was)
    Catalogue(home).catch_up()
    assert log.read_bytes().count(b"\n") == lines + 1
    now = searchable(home)
    assert now == {"add": {1}, "remove": was - {2}}.get(what, was)
    assert len(before) == len(now)  # whoever had it open sees it at once
    again = start(home, ("add", music))
    again.communicate("\n")
    assert again.returncode == 0
    searchable(home)


@pytest.mark.parametrize(
    "times", [3, pytest.param(100, marks=pytest.mark.heavy)], ids=["few times", "a hundred times"]
)
@pytest.mark.parametrize("what", ["add", "remove", "merge"])
def test_killed_at_random_moments(
    what: str, times: int, stocked_folder: Path, music: Path, tmp_path: Path
) -> None:
    """Whatever was reported is there."""
    rng = random.Random(what)
    step = STEPS[what](music)
    before = prepared(what, stocked_folder, music, tmp_path / "before")
    was = searchable(before)
    whole = 0.0
    for number in range(times + 1):  # the first of them is not killed: how long does it take?
        home = tmp_path / "home"
        shutil.rmtree(home, ignore_errors=True)
        close_shared()
        CommandLine.databases.release(CommandLine.databases.mark() - {home})
        if before.exists():
            shutil.copytree(before, home)
        child = start(home, step)
        assert child.stdin
        begun = time.monotonic()
        child.stdin.write("\n")
        child.stdin.flush()
        if number:
            time.sleep(rng.uniform(0, 1.1) * whole)
            child.kill()
        said = child.communicate()[0].splitlines()
        whole = whole or time.monotonic() - begun
        now = searchable(home)
        if what == "add":
            names = {Path(entry.recording.path).name for entry in Catalogue(home).describe(now).values()}
            assert {Path(line).name for line in said if line != "done"} <= names
            assert len(now) in {0, 6}  # they fit into one commit
        elif what == "remove":
            assert now == was - {2} or (now == was and "removed" not in said)
        else:
            assert now == was
        after = start(home, ("add", music))
        after.communicate("\n")
        assert after.returncode == 0
        assert len(searchable(home)) >= 6


def test_killed_while_the_command_adds(music: Path, sonica: CommandLine) -> None:
    begun = time.monotonic()
    assert sonica("add", music / "0.flac").status == 0
    whole = time.monotonic() - begun
    for moment in range(3):
        process = sonica.start("add", music)
        time.sleep(random.Random(moment).uniform(0.3, 1.5) * whole)
        process.kill()
        process.communicate()
        assert len(searchable(sonica.home)) in {1, 6}  # all of a commit, or nothing of it
    assert sonica("add", music).status == 0
    assert len(searchable(sonica.home)) == 6


def test_two_at_once_lose_nothing_and_add_nothing_twice(music: Path, sonica: CommandLine) -> None:
    halves = [[music / f"{i}.flac" for i in part] for part in ((0, 1, 2, 3), (2, 3, 4, 5))]
    running = [sonica.start("add", *half) for half in halves]
    for process in running:
        process.communicate()
        assert process.returncode == 0
    assert searchable(sonica.home) == {1, 2, 3, 4, 5, 6}


MERGING = """
import sys
from pathlib import Path
from sonica.audio import listen
from sonica.catalogue import Catalogue, find_files

song, home = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])
for number in range(12):
    path = home / f"{number}.flac"
    path.write_bytes(song + bytes(number))
    list(Catalogue(home, listen=listen).add(find_files([path])))
"""


def test_a_reader_is_not_disturbed_by_merges(music: Path, tmp_path: Path) -> None:
    """A child adds and merges all the time while this process opens the packs again and again."""
    command = [sys.executable, "-c", MERGING, str(music / "0.flac"), str(tmp_path)]
    child = subprocess.Popen(command, env=CommandLine.databases.environment(tmp_path))
    seen = [0]
    reader = Catalogue(tmp_path)
    while child.poll() is None:
        for catalogue in (reader, Catalogue(tmp_path)):
            packs = catalogue.open_packs().packs
            seen.append(sum(len(pack) for pack in packs))
    assert child.returncode == 0
    assert seen == sorted(seen)
    assert len(searchable(tmp_path)) == 12
