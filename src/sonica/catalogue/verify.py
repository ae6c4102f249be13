"""Is everything there, whole, and in one place? Reads all of the data folder, changes nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from sonica import _engine
from sonica.catalogue.errors import REBUILD, REFEED, CatalogueError
from sonica.catalogue.state import State
from sonica.catalogue.store import Store
from sonica.platform.errors import SonicaError

TRIES = 3
"""How often it looks again when the catalogue was changed under its eyes."""


class Finding(BaseModel):
    """Something that `verify` noticed: an `error` where something is wrong, a `note` where nothing is.

    `path`: what it is about; `hint`: what to do.
    """

    model_config = ConfigDict(frozen=True)

    kind: Literal["error", "note"]
    code: str
    path: str
    message: str
    hint: str = ""


def verify(store: Store, on_pack: Callable[[int, int], None]) -> list[Finding]:
    """All findings; `on_pack` hears how many packs of how many were read.

    Others may add and merge meanwhile: then it looks again.
    """
    findings: list[Finding] = []
    for _ in range(TRIES):
        try:
            state = store.read()
            before = store.length
            findings = list(_findings(store, state, on_pack))
            store.read()
        except SonicaError as error:
            return [_error(error.code, store.log, error.message, error.hint)]
        if store.length == before:
            break
    return findings


def _findings(store: Store, state: State, on_pack: Callable[[int, int], None]) -> Iterator[Finding]:
    held: Counter[int] = Counter()
    names = list(state.packs)
    for done, name in enumerate(names):
        on_pack(done, len(names))
        yield from _pack(store, state, name, held)
    on_pack(len(names), len(names))
    astray = sum(held[id_] != 1 for id_ in state.recordings)
    if astray:
        message = f"Of {len(state.recordings)} recordings {astray} are in no pack, or in several."
        yield _error("pack", store.packs, message, REBUILD)
    originals = store.originals.names()
    for id_, recording in list(state.recordings.items()):
        try:
            store.archive.get(id_)
        except CatalogueError as error:
            yield _error("fingerprint", store.archive.path(id_), error.message, REBUILD)
        if recording.original and recording.original not in originals:
            message = f"The original of {recording.path} is missing: {recording.original}."
            yield _error("original", Path(recording.path), message, "Restore it from a backup.")
    yield from _database(store, state)
    yield from _left_over(store, state, originals)


def _database(store: Store, state: State) -> Iterator[Finding]:
    """Of the database, whether it holds what the feed says; where it holds nothing yet, nothing is wrong."""
    from sonica.catalogue.ledger import session  # noqa: PLC0415  readers need not load what a database needs

    if state.last is None:
        return
    with session(store.home) as opened:
        last = opened.last()
        differing = opened.differences(state) if last == state.sequence else {}
    if not last:
        yield Finding(
            kind="note",
            code="database",
            path=str(store.log),
            message="The database holds no songs yet.",
            hint="The next change, such as by `sonica add`, takes all of these in.",
        )
    elif last != state.sequence:
        message = f"The database knows {last} changes, and searches {state.sequence}."
        yield _error("database", store.log, message, REFEED)
    for what, count in differing.items():
        yield _error("database", store.log, f"In the database {count} {what} are others than here.", REFEED)


def _pack(store: Store, state: State, name: str, held: Counter[int]) -> Iterator[Finding]:
    path = store.packs / name
    expected = set(state.packs.get(name, ()))
    try:
        pack = store.open_pack(name)
        pack.verify()
        rows = [row.recording_id for row in pack.recordings()]
    except (SonicaError, _engine.EngineError, FileNotFoundError) as error:
        why = f"{path} is missing." if isinstance(error, FileNotFoundError) else error.message
        yield _error("pack", path, f"The pack cannot be used: {why}", REBUILD)
        return
    held.update(id_ for id_ in rows if id_ in state.recordings)
    if set(rows) != expected:
        differing = len(set(rows) ^ expected)
        yield _error("pack", path, f"The pack and the feed differ by {differing} recordings.", REBUILD)
    for id_ in rows:
        if id_ not in state.recordings:
            continue
        try:
            same = pack.fingerprint(id_) == store.archive.path(id_).read_bytes()
        except OSError:
            continue  # said where fingerprints are looked at
        if not same:
            message = f"The pack holds another fingerprint of recording {id_} than the archive."
            yield _error("fingerprint", path, message, REBUILD)


def _left_over(store: Store, state: State, originals: set[str]) -> Iterator[Finding]:
    there = list(store.packs.glob("*")) if store.packs.is_dir() else []
    packs = [path for path in there if path.name not in state.packs]
    prints = [id_ for id_ in store.archive.ids() if id_ not in state.recordings]
    count = len(packs) + len(prints) + len(originals - state.originals.keys())
    if count:
        message = f"{count} files are left over from something that was interrupted; they do no harm."
        yield Finding(
            kind="note",
            code="left_over",
            path=str(store.home),
            message=message,
            hint="They go with the next `sonica index rebuild`, and packs with the next `sonica add`.",
        )


def _error(code: str, path: Path, message: str, hint: str) -> Finding:
    return Finding(kind="error", code=code, path=str(path), message=message, hint=hint)
