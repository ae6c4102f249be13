"""What the catalogue does: take songs in, hand its packs out, say what a recording is."""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from sonica import _engine
from sonica.audio import RECORDING, Limits, Listen, Sandbox
from sonica.catalogue.ingest import Found, Prepared, content_hash, prepare
from sonica.catalogue.schemas import Added, Entry
from sonica.catalogue.state import State
from sonica.catalogue.store import Store
from sonica.platform.errors import Failure, SonicaError
from sonica.platform.files import shown_path
from sonica.platform.parallel import in_order

BATCH_FILES = 500
BATCH_SECONDS = 20.0
"""New files are committed at the latest after so many, or after so long: a crash costs no more."""


class Catalogue:
    """The songs in a data folder. Safe to use from several processes at once.

    `listen`: how files are decoded; without one, in processes of their own, which `add` starts and ends.
    `limits`: what a recording may be.
    """

    def __init__(self, home: Path, *, listen: Listen | None = None, limits: Limits = RECORDING) -> None:
        self._store = Store(home)
        self._listen = listen
        self._limits = limits
        self._state: State | None = None

    def open_packs(self) -> list[_engine.Pack]:
        """The packs to search, as they are now. Raises CatalogueError."""
        self._state, packs = self._store.open()
        return packs

    def describe(self, recording_ids: Iterable[int]) -> dict[int, Entry]:
        """Song and recording of each id, as of the last `open_packs`; unknown ids are left out."""
        if self._state is None:
            self._state = self._store.read()
        entries = {id_: self._state.entry(id_) for id_ in recording_ids}
        return {id_: entry for id_, entry in entries.items() if entry}

    def __len__(self) -> int:
        """How many recordings there are now."""
        return len(self._store.read().recordings)

    def add(
        self,
        files: Iterable[Found],
        *,
        on_read: Callable[[float], None] = lambda _: None,
        workers: int | None = None,
    ) -> Iterator[Added]:
        """Adds files (see `find_files`), and tells what became of each, in their order.

        A file that fails stops no other. An outcome is told once it is on the disk; `on_read` hears
        the seconds of music of every file that was read (0 for the others) as soon as it was.
        Interrupting keeps what was read so far. Raises CatalogueError.
        """
        with Sandbox(workers) as sandbox:
            yield from self._add(files, self._listen or sandbox.listen, on_read, workers, sandbox.close)

    def _add(
        self,
        files: Iterable[Found],
        listen: Listen,
        on_read: Callable[[float], None],
        workers: int | None,
        abandon: Callable[[], None],
    ) -> Iterator[Added]:
        before = self._store.read()
        batch: list[Prepared | Added] = []
        since = time.monotonic()
        try:

            def read(found: Found) -> Prepared | Added:
                return _read(found, before, listen, self._limits)

            for item in in_order(read, files, workers, abandon):
                batch.append(item)
                on_read(item.duration_s if isinstance(item, Prepared) else 0.0)
                if len(batch) >= BATCH_FILES or time.monotonic() - since >= BATCH_SECONDS:
                    done = self._commit(batch)
                    batch, since = [], time.monotonic()
                    yield from done
            done = self._commit(batch)
        except KeyboardInterrupt:  # also in the midst of a commit; what did get in is `known` now
            self._commit(batch)
            raise
        yield from done

    def _commit(self, batch: list[Prepared | Added]) -> list[Added]:
        """What became of each; those that were read are put into the catalogue together."""
        fresh = [item for item in batch if isinstance(item, Prepared)]
        done = iter(self._store.commit(fresh) if fresh else ())
        return [next(done) if isinstance(item, Prepared) else item for item in batch]


def _read(found: Found, state: State, listen: Listen, limits: Limits) -> Prepared | Added:
    """One file, ready to be put in; or what else became of it."""
    try:
        if found.problem:
            raise found.problem
        content = content_hash(found.path)
        known = state.by_location.get(found.location)
        if known and known.content == content:
            return Added(file=shown_path(found.path), status="known", entry=state.entry(known.id))
        return prepare(found, content, listen, limits)
    except SonicaError as error:
        return Added(file=shown_path(found.path), status="error", error=Failure.of(error))
