"""Many files into the catalogue: read side by side, put in together, packs merged meanwhile."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from sonica.audio import RECORDING, Limits, Listen
from sonica.catalogue.change import Change
from sonica.catalogue.duplicates import Finder, Sharing
from sonica.catalogue.errors import CatalogueError
from sonica.catalogue.ingest import Found, Prepared, content_hash, prepare, size_of
from sonica.catalogue.originals import original_name
from sonica.catalogue.remake import merge
from sonica.catalogue.schemas import Added, Entry, Outcome, Recording
from sonica.catalogue.state import State
from sonica.catalogue.store import Store
from sonica.platform.errors import SonicaError
from sonica.platform.failures import Failure
from sonica.platform.objects import is_away
from sonica.platform.parallel import in_order

REMOVED = Failure(
    code="removed", message="It was removed from the catalogue meanwhile.", hint="Add it again."
)
BATCH_FILES = 500
BATCH_SECONDS = 20.0
"""New files are committed at the latest after so many, or after so long: a crash costs no more."""


@dataclass(frozen=True)
class Adding:
    """How files are added.

    `dedupe`: look for recordings that are in the catalogue already; `keep`: keep the files as originals.
    `on_read` hears the seconds of music of every file that was read (0 for the others).
    """

    store: Store
    listen: Listen
    limits: Limits = RECORDING
    workers: int | None = None
    dedupe: bool = True
    keep: bool = False
    on_read: Callable[[float], None] = lambda _: None
    abandon: Callable[[], None] = lambda: None

    def run(self, files: Iterable[Found]) -> Iterator[Added]:
        """What became of each file, in their order, once it is on the disk.

        Raises CatalogueError, and ObjectsError where originals cannot be kept.

        Interrupting keeps what was read so far.
        """
        finder = Finder(self.store, self.workers) if self.dedupe else None
        before = self.store.read()
        merger = Merger(self.store)
        opening = Opening(self.store)
        batch: list[Prepared | Added] = []
        since = time.monotonic()
        try:
            for item in in_order(
                lambda one: self._read(one, before, opening), files, self.workers, self.abandon
            ):
                batch.append(item)
                self.on_read(item.duration_s if isinstance(item, Prepared) else 0.0)
                if len(batch) >= BATCH_FILES or time.monotonic() - since >= BATCH_SECONDS:
                    done = self._commit(batch, finder)
                    batch, since = [], time.monotonic()
                    merger.look()
                    yield from done
            done = self._commit(batch, finder)
        except KeyboardInterrupt:  # also in the midst of a commit; what did get in is `known` now
            self._commit(batch, None)
            raise
        finally:
            opening.finish()
        yield from done
        merger.finish()

    def _read(self, found: Found, state: State, opening: "Opening") -> Prepared | Added:
        """One file, ready to be put in; or what else became of it."""
        try:
            if found.problem:
                raise found.problem
            known = state.by_location.get(found.location)
            is_there = known and (known.size, known.mtime_ns) == size_of(found.path) != (0, 0)
            content = known.content if known and is_there else content_hash(found.path)
            wants_copy = self.keep and known and not known.original
            if known and known.content == content and not found.said and is_there and not wants_copy:
                return Added(file=found.shown, status="known", entry=state.entry(known.id))
            if known and known.content == content:  # touched, or called otherwise: decide in the commit
                size, mtime_ns = size_of(found.path)
                about = state.songs[known.song_id].about()
                return self._kept(Prepared(found, content, about, b"", known.duration_s, size, mtime_ns))
            opening.begin()
            item = prepare(found, content, self.listen, self.limits)
            return self._kept(replace(item, sounds_as_before=self._has_sound(known, item)))
        except SonicaError as error:
            if is_away(error):  # the file is well, and will be when the store is back
                raise
            return Added(file=found.shown, status="error", error=Failure.of(error))

    def _has_sound(self, known: Recording | None, item: Prepared) -> bool:
        """Whether what is known at a place has the very fingerprint of what is there now."""
        try:
            return known is not None and self.store.archive.get(known.id) == item.fingerprint
        except CatalogueError:  # removed meanwhile, or damaged: `verify` tells
            return False

    def _kept(self, item: Prepared) -> Prepared:
        """Its file among the originals, if that is wanted. Raises CatalogueError and ObjectsError."""
        if not self.keep:
            return item
        name = original_name(item.content, item.found.path.suffix)
        try:
            self.store.originals.keep(name, item.found.path)
        except OSError as error:
            raise CatalogueError(
                "not_readable",
                f"The file could not be read once more, to be kept ({error.strerror}).",
                "Add it again.",
            ) from error
        return replace(item, original=name)

    def _commit(self, batch: list[Prepared | Added], finder: Finder | None) -> list[Added]:
        """What became of each; those that were read are put into the catalogue together."""
        fresh = [item for item in batch if isinstance(item, Prepared)]
        if not fresh:
            return [item for item in batch if isinstance(item, Added)]
        sharing = finder.look(fresh) if finder else None

        def take(change: Change) -> list[tuple[Outcome, int]]:
            for item in fresh:  # another may have removed an original that was there when it was looked for
                if item.original:
                    self._kept(item)
            late = finder.look_again(fresh, sharing) if finder and sharing else sharing
            return _take_all(change, fresh, late)

        outcomes = self.store.change(take)
        state = self.store.read()
        done = iter(
            Added(
                file=item.found.shown,
                status=status,
                entry=state.entry(id_) or _now_at(state, item),
                links=tuple(link for link in state.links_of(id_) if link.recordings[0] == id_),
                error=None if status != "error" else REMOVED,
            )
            for item, (status, id_) in zip(fresh, outcomes, strict=True)
        )
        return [next(done) if isinstance(item, Prepared) else item for item in batch]


def _now_at(state: State, item: Prepared) -> Entry | None:
    """What is where a file was, if it has changed since it was read: the same command read it again."""
    there = state.by_location.get(item.found.location)
    return state.entry(there.id) if there else None


def _take_all(change: Change, fresh: list[Prepared], sharing: Sharing | None) -> list[tuple[Outcome, int]]:
    outcomes: list[tuple[Outcome, int]] = []
    for index, item in enumerate(fresh):
        links = sharing.links(index, [id_ for _, id_ in outcomes]) if sharing else []
        outcomes.append(change.take(item, links))
    return outcomes


class Opening:
    """Opens the database in a thread of its own while files are read: starting one takes a second."""

    def __init__(self, store: Store) -> None:
        self._home = store.home
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Unless it has begun; what goes wrong is told by the first commit."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._open, name="sonica-opening", daemon=True)
                self._thread.start()

    def _open(self) -> None:
        from sonica.catalogue import ledger, tables  # noqa: F401, PLC0415  slow to load, and only commits need them

        ledger.warm(self._home)

    def finish(self) -> None:
        """Waits until it is open, or cannot be."""
        if self._thread:
            self._thread.join()


class Merger:
    """Merges packs in a thread of its own, so that adding need not wait for it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._thread: threading.Thread | None = None
        self._error: SonicaError | None = None

    def look(self) -> None:
        """Begins a merge, if none is going on; it finds out whether there is anything to do."""
        if self._thread is None or not self._thread.is_alive():
            # Should the process end meanwhile, the next one merges.
            self._thread = threading.Thread(target=self._merge, name="sonica-merge", daemon=True)
            self._thread.start()

    def finish(self) -> None:
        """Waits until all is merged. Raises CatalogueError where that failed; nothing is lost then."""
        if self._thread:
            self._thread.join()
        self._merge()
        if self._error:
            raise self._error

    def _merge(self) -> None:
        try:
            merge(self._store)
        except SonicaError as error:
            self._error = error
