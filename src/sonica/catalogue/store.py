"""The data folder: who may write, what is on the disk, and how a change gets there.

    feed.log         what the database knows, change by change, for whoever reads (see journal.py)
    fingerprints/    of every recording (see archive.py)
    packs/*.pack     the index of them, made by the engine; written once, never changed
    covers/          images that came with the files
    originals/       the files, where they are kept and OBJECTS_URL is not set (see originals.py)
    lock             held by whoever changes anything
    merge.lock       held by whoever makes new packs of old ones, which takes a while

A change writes its fingerprints, then its pack (temporary file, sync, rename, sync of the folder), then
its rows in one transaction of the database: only that makes them count. Then it is appended to the feed,
and only then reported. Readers need neither lock nor database. A crash at any point leaves the old state or
the new one; what is in the database and not in the feed is appended by the next writer. At most files are
left that no change names: packs, which the next writer removes, and others, which go with a rebuild.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from sonica import _engine
from sonica.catalogue.archive import Archive
from sonica.catalogue.change import Change
from sonica.catalogue.edition import Edition
from sonica.catalogue.errors import REBUILD, REFEED, UPDATE, CatalogueError, CatalogueErrorCode
from sonica.catalogue.journal import append_commits, encode, read_journal, read_lines
from sonica.catalogue.merge import Size, sizes
from sonica.catalogue.originals import Originals
from sonica.catalogue.outline import Outline
from sonica.catalogue.schemas import Commit, Recording
from sonica.catalogue.state import State
from sonica.platform.errors import SonicaError
from sonica.platform.files import exclusive_lock, lock_if_free, replacing, sync_folder, write_atomically
from sonica.platform.garbage import none_to_find
from sonica.platform.ids import new_id

if TYPE_CHECKING:
    from sonica.catalogue.ledger import Session

Result = TypeVar("Result")

TRIES = 10
"""How often a reader looks again when a writer took a pack away under its eyes."""
MERGING = ".merging-"
"""How the name of a pack begins that is being made of others."""
RETRY_S = 20.0
"""Seconds during which a change is tried again where the database goes away."""
PAUSE_S = 0.05
"""Seconds before the first new try; each next one waits twice as long, up to a second."""


class Packs(NamedTuple):
    """What to search: the packs, and the ids of recordings in them that count as absent."""

    packs: list[_engine.Pack]
    absent: list[int]


class Plan(NamedTuple, Generic[Result]):
    """A change whose files are on the disk; None for no change. `result`: what to return."""

    commit: Commit | None
    result: Result
    fingerprints: Mapping[int, bytes] = {}


class Store:
    """The folder, safe to use from several threads and processes at once.

    Cheap to make; nothing is read, created or started before it is asked for.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.feed = home / "feed.log"
        self.journal = home / "catalogue.log"
        """What earlier versions kept in place of a database: the next writer makes it the feed."""
        self.edition = Edition((self.feed, self.journal, self.feed))
        self.packs = home / "packs"
        self.originals = Originals(home)
        self.covers = home / "covers"
        self.archive = Archive(home / "fingerprints")
        self._lock = home / "lock"
        self._merge_lock = home / "merge.lock"
        self._mutex = threading.RLock()
        self._state = State()
        self._read: tuple[int, int] = (0, 0)
        """Of the feed as it was read: which file it was, and how many bytes of it."""
        self._outlined: tuple[tuple[int, int], Outline] | None = None
        """The first look at the feed, and which file and how many bytes it was of."""
        self._open: dict[str, _engine.Pack] = {}

    @property
    def length(self) -> int:
        """Bytes of the feed that were read: it grows with every change."""
        return self._read[1]

    @property
    def log(self) -> Path:
        """What is read: the feed, or, before the first change by this version, what earlier ones kept."""
        return self._find()[0]

    def _find(self) -> tuple[Path, tuple[int, int]]:
        """That file, which file it is now, and its bytes; zeros where there is none."""
        for log in (self.feed, self.journal, self.feed):  # one may become the other meanwhile
            with suppress(OSError):  # not there; or whoever reads it will say what is wrong
                status = log.stat()
                return log, (status.st_ino, status.st_size)
        return self.feed, (0, 0)

    @contextmanager
    def still(self) -> Iterator[None]:
        """What is read does not change meanwhile: other threads of this process wait to read more."""
        with self._mutex:
            yield

    def read(self) -> State:
        """What the catalogue holds now, and later, when it is read again. Raises CatalogueError."""
        with self._mutex:
            log, found = self._find()
            if found != self._read:
                inode, length = self._read
                if found[0] != inode or found[1] < length:
                    self._state, length = State(), 0
                with self._whole(), none_to_find():
                    journal = read_journal(log, length)
                    for commit in journal.commits:
                        self._state.apply(commit)
                    self._read = found[0], journal.length
            return self._state

    def look(self) -> State | Outline:
        """As much of `read` as searches need, where nobody read more yet. Raises CatalogueError.

        Who stays until the catalogue has changed reads all of it once, and from then on only what is new.
        """
        with self._mutex:
            log, found = self._find()
            if not self._read[1] and self._outlined is None:
                with none_to_find():
                    self._outlined = found, Outline(read_lines(log).bodies, log)
            if not self._read[1] and self._outlined and self._outlined[0] == found:
                return self._outlined[1]
            self._outlined = None
            return self.read()

    def open(self) -> Packs:
        """What to search now. Raises CatalogueError."""
        with self._mutex:
            for _ in range(TRIES):
                state = self.look()
                try:
                    self._open = {name: self._open.get(name) or self.open_pack(name) for name in state.packs}
                except FileNotFoundError:
                    continue  # merged away between our two looks
                return Packs(list(self._open.values()), sorted(state.absent))
            raise CatalogueError("damaged", f"A pack is missing from {self.packs}.", REBUILD)

    def sizes(self) -> dict[str, Size]:
        """How much each pack holds now. Raises CatalogueError."""
        with self._mutex:
            return sizes(self.read())

    def held(self, names: Collection[str]) -> list[int] | None:
        """The recordings in some packs, by id; None where one of those is no longer searched."""
        with self._mutex:
            packs = self.read().packs
            return (
                sorted({id_ for name in names for id_ in packs[name]}) if packs.keys() >= set(names) else None
            )

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

    def change(self, make: Callable[[Change], Result]) -> Result:
        """Lets `make` say what is to change, and does it, as a whole or not at all; what `make` returned.

        `make` is asked again where the database goes away meanwhile. Raises CatalogueError, and SonicaError
        where there is no database.
        """

        def plan() -> Plan[Result]:
            change = Change(self.read())
            result = make(change)
            if not change:
                return Plan(None, result)
            commit = change.commit()
            self.archive.put(change.fingerprints)
            for name, data in change.covers.items():
                if not (self.covers / name).is_file():
                    write_atomically(self.covers / name, data)
            if commit.pack:
                write_atomically(self.packs / commit.pack, change.build())
            return Plan(commit, result, change.fingerprints)

        return self.write(plan)

    def write(self, plan: Callable[[], Plan[Result]]) -> Result:
        """Makes a change that `plan` has put on the disk count; its result. Raises as `change`.

        The plan is made while nobody else writes, and again where the database goes away meanwhile.
        """
        from sonica.catalogue.tables import news_of  # noqa: PLC0415  readers need not load what a database needs

        token, sent = new_id(), list[Plan[Result]]()
        deadline, pause = time.monotonic() + RETRY_S, PAUSE_S
        while True:
            try:
                with self._turn() as session:
                    if sent and session.knows(token):  # nobody heard of its commit; now it is in the feed
                        self._tidy()
                        return sent[-1].result
                    sent.append(plan())
                    commit, result, fingerprints = sent[-1]
                    if commit is None:
                        return result
                    gone = [self._state.recordings[id_] for id_ in commit.retired]
                    news = news_of(commit, self._state, fingerprints)
                    session.write(self._state.sequence + 1, commit, token, news)
                    session.commit()
                    self._publish([commit])
                    self._forget(gone)
                    self._tidy()
                    return result
            except SonicaError as error:
                if error.code != "database_away" or time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)
            pause = min(1.0, 2 * pause)

    def catch_up(self) -> None:
        """Gives the feed, or a database without songs, what it lacks. Raises as `change`."""
        self.write(lambda: Plan(None, None))

    @contextmanager
    def _turn(self) -> Iterator["Session"]:
        """The database, once nobody else writes, and once the feed holds all that it knows."""
        from sonica.catalogue.ledger import session  # noqa: PLC0415  as above

        with self.locked():
            with session(self.home) as first:
                if not self._catch_up(first):
                    yield first
                    return
            with session(self.home) as second:  # the other has ended with what it took in
                self._catch_up(second)
                yield second

    def _catch_up(self, session: "Session") -> bool:
        """Appends what the feed lacks. A database without songs takes in those of the feed: then, True."""
        state = self.read()
        following = session.changes(max(1, state.sequence))
        if state.last is None:
            self._publish([commit for _, commit in following])
            return False
        at = next(following, None)
        if at is None and session.last() == 0:
            commits = read_journal(self.log).commits
            session.take_in(commits, state)
            session.commit()
            self._end_journal()
            return True
        if at != (state.sequence, state.last):
            raise CatalogueError(
                "other_database",
                f"The database does not hold the songs of {self.home}, but others, or not all of them.",
                f"Does DATABASE_URL name the right one? If so: {REFEED}",
            )
        self._end_journal()
        self._publish([commit for _, commit in following])
        return False

    def _end_journal(self) -> None:
        """The journal of earlier versions becomes the feed, once the database holds what is in it."""
        with self._mutex:
            if self.log == self.journal:
                self.journal.rename(self.feed)
                sync_folder(self.home)

    def mend(self) -> None:
        """Writes feed and tables anew from the changes in the database, where they do not agree with those.

        A feed that is replaced is kept beside it. Raises as `change`.
        """
        from sonica.catalogue.ledger import session  # noqa: PLC0415  as above

        try:
            self.catch_up()
        except CatalogueError as error:
            if error.code not in {"damaged", "other_database"}:
                raise
            with self.locked(), session(self.home) as opened:
                commits = [commit for _, commit in opened.changes(1)]
                if not commits:
                    raise
                self.log.replace(self.log.with_suffix(".old.log"))
                with replacing(self.feed) as temporary:
                    temporary.write_bytes(b"".join(map(encode, commits)))
        with self._turn() as opened:
            state = self.read()
            if opened.differences(state):
                opened.mend(state)
                opened.commit()

    def _publish(self, commits: Sequence[Commit]) -> None:
        """Appends changes that the database holds to the feed. Hold the lock, and have read it."""
        if not commits:
            return
        with self._mutex:
            try:
                length = append_commits(self.feed, commits, self._read[1])
            except OSError as error:
                raise CatalogueError(
                    "not_writable",
                    f"The change is made, but {self.feed} could not be written ({error.strerror}), so that "
                    "searches do not know of it.",
                    "Check that the disk is not full; the next change, or `sonica serve`, makes up for it.",
                ) from error
            with self._whole():
                for commit in commits:
                    self._state.apply(commit)
                self._read = self.feed.stat().st_ino, length

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Forgets all where reading is interrupted half way, as by Ctrl-C: then it is read again."""
        try:
            yield
        except BaseException:
            self._state, self._read = State(), (0, 0)
            raise

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Waits until nobody else changes this folder. Raises CatalogueError."""
        try:
            self.packs.mkdir(parents=True, exist_ok=True)
            with exclusive_lock(self._lock):
                yield
        except OSError as error:
            raise self.not_writable(error) from error

    @contextmanager
    def merging(self, *, wait: bool) -> Iterator[bool]:
        """Whether nobody else makes packs of packs, as long as this lasts. Raises CatalogueError."""
        try:
            self.packs.mkdir(parents=True, exist_ok=True)
            if wait:
                with exclusive_lock(self._merge_lock):
                    yield True
            else:
                with lock_if_free(self._merge_lock) as is_ours:
                    yield is_ours
        except OSError as error:
            raise self.not_writable(error) from error

    def not_writable(self, error: OSError) -> CatalogueError:
        """What to say of it."""
        return CatalogueError(
            "not_writable",
            f"The catalogue in {self.home} could not be written ({error.strerror}).",
            "Check that the disk is not full and that you may write there; nothing was changed.",
        )

    def _forget(self, gone: list[Recording]) -> None:
        """Removes what belonged to recordings that are no longer known, but for their packs."""
        for recording in gone:
            self.archive.remove(recording.id)
        loose = {recording.original for recording in gone} - self._state.originals.keys() - {""}
        if loose:
            with suppress(SonicaError):  # the next sweep removes them
                self.originals.remove(loose)

    def _tidy(self) -> None:
        """Removes packs that no longer count, and what a crash left half written. Hold the lock.

        What cannot be removed now is left to the next writer: the change holds all the same.
        """
        with suppress(OSError), lock_if_free(self._merge_lock) as nobody_merges:
            for path in self.packs.iterdir():
                is_unfinished = path.name.startswith(MERGING)
                if path.name not in self._state.packs and (nobody_merges or not is_unfinished):
                    path.unlink()
