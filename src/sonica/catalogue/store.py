"""The data folder: who may write, what is on the disk, and how a change gets there.

    catalogue.log    what is known (see journal.py)
    packs/*.pack     the fingerprints, indexed by the engine; written once, never changed
    lock             held by whoever changes anything

A commit writes its pack (temporary file, sync, rename, sync of the folder), then its line in the
journal: only that line makes the pack count. Readers need no lock. A crash at any point leaves
the old state or the new one, and at most a pack that the journal does not name, which the next
writer removes.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sonica import _engine
from sonica.catalogue.change import Change
from sonica.catalogue.errors import RESTORE, UPDATE, CatalogueError
from sonica.catalogue.ingest import Prepared
from sonica.catalogue.journal import append_commit, read_journal
from sonica.catalogue.schemas import Added
from sonica.catalogue.state import State
from sonica.platform.files import exclusive_lock, shown_path, write_atomically

TRIES = 10
"""How often a reader looks again when a writer took a pack away under its eyes."""


class Store:
    """The folder. Cheap to make; nothing is read or created before it is asked for."""

    def __init__(self, home: Path) -> None:
        self.log = home / "catalogue.log"
        self.packs = home / "packs"
        self.lock = home / "lock"

    def read(self) -> State:
        """What the catalogue holds now. Raises CatalogueError."""
        return State(read_journal(self.log).commits)

    def open(self) -> tuple[State, list[_engine.Pack]]:
        """What the catalogue holds now, and its packs to search. Raises CatalogueError."""
        for _ in range(TRIES):
            state = self.read()
            try:
                return state, [self._open_pack(name) for name in state.packs]
            except FileNotFoundError:
                continue  # merged away between our two looks
        raise CatalogueError("damaged", f"A pack is missing from {self.packs}.", RESTORE)

    def commit(self, batch: list[Prepared]) -> list[Added]:
        """Puts a batch into the catalogue, as a whole or not at all; what became of each.

        Raises CatalogueError.
        """
        with self._writing():
            journal = read_journal(self.log)
            state = State(journal.commits)
            change = Change(state, batch)
            if change.recordings:
                packs = {name: self._existing_pack(name) for name in change.replaces}
                commit = change.commit()
                write_atomically(self.packs / commit.pack, change.build(packs))
                append_commit(self.log, commit, journal.length)
                state.apply(commit)
            self._tidy(state)
            return [
                Added(file=shown_path(item.found.path), status=status, entry=state.entry(id_))
                for item, (status, id_) in zip(batch, change.outcomes, strict=True)
            ]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self.packs.mkdir(parents=True, exist_ok=True)
            with exclusive_lock(self.lock):
                yield
        except OSError as error:
            raise CatalogueError(
                "not_writable",
                f"The catalogue in {self.log.parent} could not be written ({error.strerror}).",
                "Check that the disk is not full and that you may write there; nothing was changed.",
            ) from error

    def _tidy(self, state: State) -> None:
        """Removes packs that no longer count, and what a crash left half written.

        What cannot be removed now is left to the next writer: the commit holds all the same.
        """
        with suppress(OSError):
            for path in self.packs.iterdir():
                if path.name not in state.packs:
                    path.unlink()

    def _open_pack(self, name: str) -> _engine.Pack:
        path = self.packs / name
        try:
            return _engine.Pack.open(path)
        except _engine.EngineError as error:
            if error.code == "version":
                raise CatalogueError("version", f"{path}: {error.message}.", UPDATE) from error
            raise CatalogueError("damaged", f"{path}: {error.message}.", RESTORE) from error
        except FileNotFoundError:
            raise
        except OSError as error:
            raise CatalogueError(
                "not_readable", f"{path} could not be read ({error.strerror}).", "Check who may read it."
            ) from error

    def _existing_pack(self, name: str) -> _engine.Pack:
        """A pack that must be there: we hold the lock, so nobody took it away."""
        try:
            return self._open_pack(name)
        except FileNotFoundError:
            raise CatalogueError("damaged", f"{self.packs / name} is missing.", RESTORE) from None
