"""The data folder: who may write, what is on the disk, and how a change gets there.

    catalogue.log    what is known (see journal.py)
    fingerprints/    of every recording (see archive.py)
    packs/*.pack     the index of them, made by the engine; written once, never changed
    covers/          images that came with the files
    originals/       copies of the files, where they were asked for
    lock             held by whoever changes anything
    merge.lock       held by whoever makes new packs of old ones, which takes a while

A change writes its fingerprints, then its pack (temporary file, sync, rename, sync of the folder),
then its line in the journal: only that line makes them count. Readers need no lock. A crash at any
point leaves the old state or the new one, and at most files that the journal does not name: packs,
which the next writer removes, and others, which go with a rebuild.
"""

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, TypeVar

from sonica import _engine
from sonica.catalogue.archive import Archive
from sonica.catalogue.change import Change, add_to_pack
from sonica.catalogue.errors import REBUILD, UPDATE, CatalogueError, CatalogueErrorCode
from sonica.catalogue.journal import append_commit, read_journal
from sonica.catalogue.merge import Size, packs_to_merge, sizes
from sonica.catalogue.schemas import Commit, Recording
from sonica.catalogue.state import State
from sonica.platform.files import exclusive_lock, lock_if_free, sync_folder, write_atomically, write_new

Result = TypeVar("Result")

TRIES = 10
"""How often a reader looks again when a writer took a pack away under its eyes."""
MERGING = ".merging-"
"""How the name of a pack begins that is being made of others."""


class Packs(NamedTuple):
    """What to search: the packs, and the ids of recordings in them that count as absent."""

    packs: list[_engine.Pack]
    absent: list[int]


class Store:
    """The folder, safe to use from several threads and processes at once.

    Cheap to make; nothing is read or created before it is asked for.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.log = home / "catalogue.log"
        self.packs = home / "packs"
        self.originals = home / "originals"
        self.covers = home / "covers"
        self.archive = Archive(home / "fingerprints")
        self._lock = home / "lock"
        self._merge_lock = home / "merge.lock"
        self._mutex = threading.RLock()
        self._state = State()
        self._read: tuple[int, int] = (0, 0)
        """Of the journal as it was read: which file it was, and how many bytes of it."""
        self._open: dict[str, _engine.Pack] = {}

    @property
    def length(self) -> int:
        """Bytes of the journal that were read: it grows with every change."""
        return self._read[1]

    def read(self) -> State:
        """What the catalogue holds now, and later, when it is read again. Raises CatalogueError."""
        with self._mutex:
            try:
                status = self.log.stat()
                found = status.st_ino, status.st_size
            except OSError:  # not there; or whoever reads it will say what is wrong
                found = 0, 0
            if found != self._read:
                inode, length = self._read
                if found[0] != inode or found[1] < length:
                    self._state, length = State(), 0
                journal = read_journal(self.log, length)
                with self._whole():
                    for commit in journal.commits:
                        self._state.apply(commit)
                    self._read = found[0], journal.length
            return self._state

    def open(self) -> Packs:
        """What to search now. Raises CatalogueError."""
        with self._mutex:
            for _ in range(TRIES):
                state = self.read()
                try:
                    self._open = {name: self._open.get(name) or self.open_pack(name) for name in state.packs}
                except FileNotFoundError:
                    continue  # merged away between our two looks
                return Packs(list(self._open.values()), sorted(state.absent))
            raise CatalogueError("damaged", f"A pack is missing from {self.packs}.", REBUILD)

    def change(self, make: Callable[[Change], Result]) -> Result:
        """Lets `make` say what is to change, and does it, as a whole or not at all; what `make` returned.

        Raises CatalogueError.
        """
        with self._writing():
            change = Change(self.read())
            result = make(change)
            if change:
                commit = change.commit()
                self.archive.put(change.fingerprints)
                for name, data in change.covers.items():
                    if not (self.covers / name).is_file():
                        write_atomically(self.covers / name, data)
                if commit.pack:
                    write_atomically(self.packs / commit.pack, change.build())
                gone = [self._state.recordings[id_] for id_ in commit.retired]
                self._append(commit)
                self._forget(gone)
            return result

    def merge(self) -> int:
        """Makes few packs of many, while others read and write. Returns how many it made.

        Where another does so already, none. Raises CatalogueError.
        """
        made = 0
        with self._merging(wait=False) as is_ours:
            while is_ours and (names := packs_to_merge(self.sizes())):
                made += self._remake(names, self.archive.get)
        return made

    def rebuild(self, on_pack: Callable[[int, int], None] = lambda _done, _total: None) -> list[Recording]:
        """Makes every pack anew from the fingerprints. Returns the recordings of which there is none.

        These are no longer known, so that adding their files brings them back. Raises CatalogueError.
        """
        lost: list[Recording] = []
        with self._merging(wait=True):
            names = list(self.read().packs)
            for done, name in enumerate(names):
                on_pack(done, len(names))
                while name in self.read().packs and not self._remake([name], self._rescued(name), lost):
                    pass
            on_pack(len(names), len(names))
            self._adopt(lost)
            for id_ in self.archive.ids():
                state = self.read()
                if id_ not in state.recordings and id_ < state.next_recording:
                    self.archive.remove(id_)
            with self._writing():
                self._sweep()
        return lost

    def _adopt(self, lost: list[Recording]) -> None:
        """Makes a pack of the recordings that are in none. Hold the lock of merging."""
        with self._writing():
            state = self.read()
            held = set[int]().union(*state.packs.values())
            missing = sorted(state.recordings.keys() - held)
            builder, adopted, gone = self._packed(missing, self.archive.get)
            if not missing:
                return
            name = f"{state.next_pack:06d}.pack" if adopted else None
            if name:
                write_atomically(self.packs / name, builder.build())
            self._append(Commit(pack=name, adopts=tuple(adopted), retired=tuple(r.id for r in gone)))
            lost += gone

    def _sweep(self) -> None:
        """Removes images and copies that belong to nothing. Hold the lock: nobody is about to name them."""
        state = self._state
        images = {song.cover for song in state.songs.values()}
        copies = {recording.original for recording in state.recordings.values()}
        for folder, named in ((self.covers, images), (self.originals, copies)):
            for path in folder.iterdir() if folder.is_dir() else ():
                if path.name not in named:
                    with suppress(OSError):
                        path.unlink()

    def open_pack(self, name: str) -> _engine.Pack:
        """A pack by its name. Raises FileNotFoundError, and CatalogueError for what else may be wrong."""
        path = self.packs / name
        try:
            return _engine.Pack.open(path)
        except _engine.EngineError as error:
            code: CatalogueErrorCode = "version" if error.code == "version" else "damaged"
            hint = UPDATE if code == "version" else REBUILD
            raise CatalogueError(code, f"{path}: {error.message}.", hint) from error
        except FileNotFoundError:
            raise
        except OSError as error:
            raise CatalogueError(
                "not_readable", f"{path} could not be read ({error.strerror}).", "Check who may read it."
            ) from error

    def _remake(
        self,
        names: list[str],
        fingerprint: Callable[[int], bytes],
        lost: list[Recording] | None = None,
    ) -> bool:
        """One pack of these, or none where they hold nothing; whether that was still right at its end.

        The pack is made without the lock of writers, and dropped if meanwhile a recording in it became
        one of another song. Recordings without a fingerprint go to `lost`, or raise CatalogueError.
        """
        with self._mutex:
            state = self.read()
            if not all(name in state.packs for name in names):
                return False
            ids = sorted(id_ for name in names for id_ in state.packs[name])
        builder, songs, gone = self._packed(ids, fingerprint)
        if gone and lost is None:
            raise CatalogueError("damaged", f"The fingerprint of {gone[0].path} is lost or damaged.", REBUILD)
        temporary = self.packs / f"{MERGING}{secrets.token_hex(8)}.pack"
        with self._writing_to(temporary):
            if songs:
                write_new({temporary: builder.build()})
            with self._writing():
                state = self.read()
                changed = any(
                    id_ in state.recordings and state.recordings[id_].song_id != song
                    for id_, song in songs.items()
                )
                if changed or not all(name in state.packs for name in names):
                    return False
                held = {id_ for name in names for id_ in state.packs[name]}
                commit = Commit(
                    pack=f"{state.next_pack:06d}.pack" if songs else None,
                    replaces=tuple(names),
                    dropped=tuple(sorted(held - songs.keys())),
                    retired=tuple(r.id for r in gone if r.id in state.recordings),
                )
                if commit.pack:
                    temporary.replace(self.packs / commit.pack)
                    sync_folder(self.packs)
                self._append(commit)
        if lost is not None:
            lost += gone
        return True

    def _packed(
        self, ids: Iterable[int], fingerprint: Callable[[int], bytes]
    ) -> tuple[_engine.PackBuilder, dict[int, int], list[Recording]]:
        """A pack in the making, the song of each recording in it, and those that have no fingerprint."""
        state = self.read()
        builder = _engine.PackBuilder()
        songs: dict[int, int] = {}
        gone: list[Recording] = []
        for id_ in ids:
            recording = state.recordings.get(id_)
            if recording is None:
                continue
            try:
                print_ = fingerprint(id_)
            except CatalogueError:
                if id_ in self.read().recordings:  # else it was removed meanwhile
                    gone.append(recording)
                continue
            add_to_pack(builder, recording, state.songs[recording.song_id], print_)
            songs[id_] = recording.song_id
        return builder, songs, gone

    def _rescued(self, name: str) -> Callable[[int], bytes]:
        """The fingerprints of a pack's recordings: from the archive, or from the pack, and put back there."""

        def fingerprint(id_: int) -> bytes:
            try:
                return self.archive.get(id_)
            except CatalogueError:
                with suppress(CatalogueError, OSError):
                    found = self.open_pack(name).fingerprint(id_)
                    if found is not None:
                        _engine.read_fingerprint(found)
                        self.archive.put({id_: found})
                        return found
                raise

        return fingerprint

    def _append(self, commit: Commit) -> None:
        """The line that makes a change count. Hold the lock, and have read the journal."""
        with self._mutex:
            length = append_commit(self.log, commit, self._read[1])
            with self._whole():
                self._state.apply(commit)
                self._read = self.log.stat().st_ino, length
        self._tidy()

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Forgets all where reading is interrupted half way, as by Ctrl-C: then it is read again."""
        try:
            yield
        except BaseException:
            self._state, self._read = State(), (0, 0)
            raise

    def sizes(self) -> dict[str, Size]:
        """How much each pack holds now. Raises CatalogueError."""
        with self._mutex:
            return sizes(self.read())

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self.packs.mkdir(parents=True, exist_ok=True)
            with exclusive_lock(self._lock):
                yield
        except OSError as error:
            raise self._not_writable(error) from error

    @contextmanager
    def _merging(self, *, wait: bool) -> Iterator[bool]:
        try:
            self.packs.mkdir(parents=True, exist_ok=True)
            if wait:
                with exclusive_lock(self._merge_lock):
                    yield True
            else:
                with lock_if_free(self._merge_lock) as is_ours:
                    yield is_ours
        except OSError as error:
            raise self._not_writable(error) from error

    @contextmanager
    def _writing_to(self, temporary: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._not_writable(error) from error
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _not_writable(self, error: OSError) -> CatalogueError:
        return CatalogueError(
            "not_writable",
            f"The catalogue in {self.home} could not be written ({error.strerror}).",
            "Check that the disk is not full and that you may write there; nothing was changed.",
        )

    def _forget(self, gone: list[Recording]) -> None:
        """Removes what belonged to recordings that are no longer known, but for their packs."""
        kept = {recording.original for recording in self._state.recordings.values()} if gone else set()
        for recording in gone:
            self.archive.remove(recording.id)
            if recording.original and recording.original not in kept:
                with suppress(OSError):
                    (self.originals / recording.original).unlink()

    def _tidy(self) -> None:
        """Removes packs that no longer count, and what a crash left half written. Hold the lock.

        What cannot be removed now is left to the next writer: the change holds all the same.
        """
        with suppress(OSError), lock_if_free(self._merge_lock) as nobody_merges:
            for path in self.packs.iterdir():
                is_unfinished = path.name.startswith(MERGING)
                if path.name not in self._state.packs and (nobody_merges or not is_unfinished):
                    path.unlink()
