"""A catalogue whose writer is killed, and one with two writers at once."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.conftest import CommandLine

from sonica.catalogue import Catalogue, find_files

KILLED_AT_A_SYNC = """
import os, signal, sys
from pathlib import Path
from sonica.audio import listen
from sonica.catalogue import Catalogue, find_files

count, real = int(sys.argv[3]), os.fsync

def fsync(descriptor):
    global count
    count -= 1
    if count == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    real(descriptor)

os.fsync = fsync
list(Catalogue(Path(sys.argv[1]), listen=listen).add(find_files([Path(sys.argv[2])])))
"""


def searchable(home: Path) -> list[int]:
    """The recordings in the packs, which must be those that the journal names."""
    catalogue = Catalogue(home)
    ids = sorted(row.recording_id for pack in catalogue.open_packs().packs for row in pack.recordings())
    assert len(ids) == len(catalogue) == len(set(ids))
    assert len(catalogue.describe(ids)) == len(ids)
    return ids


@pytest.mark.parametrize("sync", [1, 2, 3, 4])
@pytest.mark.parametrize("is_first", [True, False])
def test_killed_at_each_sync(sync: int, is_first: bool, music: Path, tmp_path: Path) -> None:
    """Pack, folder of the pack, journal, folder of the journal: the steps of a commit."""
    before = [] if is_first else [music / "0.flac"]
    list(Catalogue(tmp_path).add(find_files(before)))
    rest = music / "1.flac"
    arguments = [sys.executable, "-c", KILLED_AT_A_SYNC, str(tmp_path), str(rest), str(sync)]
    status = subprocess.run(arguments, check=False).returncode
    was_killed = sync < 4 or is_first  # the folder of the journal is synced when the journal is new
    assert status == (-signal.SIGKILL if was_killed else 0)
    assert len(searchable(tmp_path)) in {len(before), len(before) + 1}
    list(Catalogue(tmp_path).add(find_files([rest])))
    assert len(searchable(tmp_path)) == len(before) + 1
    left = {path.name for path in (tmp_path / "packs").iterdir()}
    assert left == set(Catalogue(tmp_path)._store.read().packs)


def test_killed_at_random_moments(music: Path, sonica: CommandLine) -> None:
    begun = time.monotonic()
    assert sonica("add", music / "0.flac").status == 0
    whole = time.monotonic() - begun
    held = 1
    for moment in range(5):
        process = sonica.start("add", music)
        time.sleep(random.Random(moment).uniform(0.3, 1.5) * whole)
        process.kill()
        process.communicate()
        now = len(searchable(sonica.home))
        assert now in {held, 6}  # all of a commit, or nothing of it
        held = now
    assert sonica("add", music).status == 0
    assert len(searchable(sonica.home)) == 6


def test_two_at_once_lose_nothing_and_add_nothing_twice(music: Path, sonica: CommandLine) -> None:
    halves = [[music / f"{i}.flac" for i in part] for part in ((0, 1, 2, 3), (2, 3, 4, 5))]
    running = [sonica.start("add", *half) for half in halves]
    for process in running:
        process.communicate()
        assert process.returncode == 0
    assert searchable(sonica.home) == [1, 2, 3, 4, 5, 6]


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
    child = subprocess.Popen([sys.executable, "-c", MERGING, str(music / "0.flac"), str(tmp_path)])
    seen = [0]
    while child.poll() is None:
        packs = Catalogue(tmp_path).open_packs().packs
        seen.append(sum(len(pack) for pack in packs))
    assert child.returncode == 0
    assert seen == sorted(seen)
    assert len(searchable(tmp_path)) == 12
