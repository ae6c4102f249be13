"""What tests of the service need: a data folder that PostgreSQL's user can reach."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import CommandLine, Encode
from tests.databases import open_folder

from sonica.audio import listen
from sonica.audio.compose import Song
from sonica.audio.degrade import excerpt
from sonica.platform.postgres import Postgres
from sonica.platform.postgres.place import Place, find_place


@pytest.fixture(scope="session")
def cluster() -> Iterator[Place]:
    """A server's data as it is after the first start. Not to be changed."""
    with open_folder() as folder:
        with Postgres(folder / "home") as postgres:
            place = postgres.place
        yield place


def seed(cluster: Place, home: Path) -> None:
    """Gives a data folder such data: making it anew takes seconds where the disk is busy."""
    place = find_place(home)
    subprocess.run(["cp", "-a", cluster.data, place.data], check=True)
    shutil.copy(cluster.folder / "password", place.folder / "password")


@pytest.fixture
def reachable() -> Iterator[Path]:
    """Such a folder for one test."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def module_folder() -> Iterator[Path]:
    """Such a folder for all tests of a file."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def home(music: Path, module_folder: Path, cluster: Place) -> Path:
    """A data folder with the songs of `music`."""
    home = module_folder / "home"
    seed(cluster, home)
    assert CommandLine(home, is_alone=True)("add", music).status == 0
    return home


@pytest.fixture(scope="module")
def clip(songs: list[Song], encode: Encode, module_folder: Path) -> Path:
    """Ten seconds of song 2 from 0:12 on, as a phone would send them."""
    samples = excerpt(songs[2].samples, songs[2].rate, 12.0, 10.0)
    return encode(module_folder / "clip.m4a", samples[None, :], songs[2].rate, "aac", container="ipod")


@pytest.fixture(scope="module")
def fingerprint(clip: Path) -> bytes:
    return listen(clip).fingerprint
