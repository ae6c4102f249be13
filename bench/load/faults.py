"""What happens to a service while it is asked: songs come and go, and parts of it are killed or damaged."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from bench.load.setup import Service
from sonica import _engine
from sonica.audio import Tags, write_audio
from sonica.audio.compose import compose_song
from sonica.catalogue import About, Catalogue
from sonica.catalogue.ingest import Found, Prepared
from sonica.catalogue.remake import merge
from sonica.catalogue.store import Store
from sonica.platform.postgres.keeper import pid_file
from sonica.platform.postgres.place import find_place

NEW = 9_000
"""The seed of the first song that is added: none of them is asked for."""
FILES = 3
PACKS = 6
"""Small packs that a merge has to do with."""


class Fault(StrEnum):
    """What happens."""

    NONE = "none"
    ADD = "add"
    MERGE = "merge"
    REMOVE = "remove"
    POSTGRES = "postgres"
    KILL_WORKER = "kill-worker"
    KILL_DECODER = "kill-decoder"
    FLIP = "flip"


IN_TURN = tuple(one for one in Fault if one is not Fault.NONE)


class Faults:
    """Brings them about, for a data folder and its service. `names`: titles of songs that were added."""

    def __init__(self, home: Path, folder: Path) -> None:
        """`folder`: for files to be added."""
        self._home, self._folder, self._count = home, folder, 0
        songs = [compose_song(NEW + number) for number in range(FILES)]
        self._songs = songs
        self._prints = [_engine.fingerprint(song.samples, song.rate) for song in songs]
        self.names: set[str] = set()

    def cause(self, fault: Fault, service: Service) -> None:
        """Has it happen, and waits until it has."""
        self._count += 1
        happen: dict[Fault, Callable[[Service], None]] = {
            Fault.NONE: lambda _: None,
            Fault.ADD: self._add,
            Fault.MERGE: self._merge,
            Fault.REMOVE: self._remove,
            Fault.POSTGRES: self._postgres,
            Fault.KILL_WORKER: self._kill_worker,
            Fault.KILL_DECODER: self._kill_decoder,
            Fault.FLIP: self._flip,
        }
        happen[fault](service)

    def _add(self, _: Service) -> None:
        """`sonica add`, as an operator does."""
        song, name = self._songs[self._count % FILES], f"Added {self._count}"
        file = self._folder / f"{self._count}.flac"
        write_audio(file, song.samples, song.rate, Tags(title=name, artist="bench"))
        sonica = str(Path(sys.executable).with_name("sonica"))
        command = [sonica, "add", "--no-dedupe", str(file)]
        environment = {**os.environ, "SONICA_HOME": str(self._home)}
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise SystemExit(f"sonica add failed: {ran.stdout}{ran.stderr}")
        file.unlink()
        self.names.add(name)

    def _merge(self, _: Service) -> None:
        """Small packs come, and are made into few."""
        store = Store(self._home)
        for number in range(PACKS):
            name = f"Merged {self._count}-{number}"
            where = Found(Path(f"/merged/{self._count}/{number}.wav"))
            content = f"{self._count:016x}{number:016x}"
            item = Prepared(where, content, About(title=name), self._prints[number % FILES], 60.0)
            store.change(lambda change, item=item: change.take(item))  # type: ignore[misc]
            self.names.add(name)
        merge(store)

    def _remove(self, _: Service) -> None:
        """One of those that were added."""
        catalogue = Catalogue(self._home)
        gone = next((song for song in catalogue.songs() if song.song.title in self.names), None)
        if gone:
            catalogue.remove([gone.song.id])
            self.names.discard(gone.song.title)

    def _postgres(self, _: Service) -> None:
        server = pid_file(find_place(self._home).data)
        if server:
            _kill(int(server[0]))

    def _kill_worker(self, service: Service) -> None:
        _kill_one(service.answering())

    def _kill_decoder(self, service: Service) -> None:
        _kill_one(service.decoders())

    def _flip(self, service: Service) -> None:
        """A bit of a pack is turned on the disk; the next process that starts notices."""
        packs = sorted((self._home / "packs").glob("0*.pack"), key=lambda pack: pack.stat().st_size)
        with suppress(OSError), packs[-1].open("r+b") as file:
            place = packs[-1].stat().st_size * 3 // 4
            file.seek(place)
            byte = file.read(1)
            file.seek(place)
            file.write(bytes([byte[0] ^ 1]))
        _kill_one(service.answering(), signal.SIGTERM)


def _kill_one(pids: Sequence[int], number: int = signal.SIGKILL) -> None:
    for pid in pids[:1]:
        _kill(pid, number)


def _kill(pid: int, number: int = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
