"""Packs made of packs: few of many, and all of them anew; others read and write meanwhile."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from pathlib import Path

from sonica import _engine
from sonica.catalogue.change import add_to_pack
from sonica.catalogue.errors import REBUILD, CatalogueError
from sonica.catalogue.merge import packs_to_merge
from sonica.catalogue.schemas import Commit, Recording
from sonica.catalogue.store import MERGING, Plan, Store
from sonica.platform.errors import SonicaError
from sonica.platform.files import sync_folder, write_atomically

LOOSE = 100
"""Originals that are removed at a time."""


def merge(store: Store) -> int:
    """Makes few packs of many, while others read and write. Returns how many it made.

    Where another does so already, none. Raises CatalogueError.
    """
    made = 0
    with store.merging(wait=False) as is_ours:
        while is_ours and (names := packs_to_merge(store.sizes())):
            made += _remake(store, names, store.archive.get)
    return made


def mend(store: Store) -> int:
    """Makes packs that are damaged or lost anew from the fingerprints; how many.

    What cannot be mended so is left as it is. Raises CatalogueError.
    """
    with store.merging(wait=True):
        return sum(
            _remake(store, [name], store.archive.get)
            for name in list(store.read().packs)
            if _is_damaged(store, name)
        )


def _is_damaged(store: Store, name: str) -> bool:
    try:
        store.open_pack(name).verify()
    except FileNotFoundError:
        return name in store.read().packs
    except CatalogueError as error:
        return error.code == "damaged"
    except _engine.EngineError:
        return True
    return False


def rebuild(store: Store, on_pack: Callable[[int, int], None]) -> list[Recording]:
    """Makes every pack anew from the fingerprints. Returns the recordings of which there is none.

    These are no longer known, so that adding their files brings them back. Before that, feed and tables are
    made to agree. Raises CatalogueError.
    """
    lost: list[Recording] = []
    with store.merging(wait=True):
        store.mend()
        names = list(store.read().packs)
        for done, name in enumerate(names):
            on_pack(done, len(names))
            while name in store.read().packs and not _remake(store, [name], _rescued(store, name), lost):
                pass
        on_pack(len(names), len(names))
        lost += _adopt(store)
        for id_ in store.archive.ids():
            state = store.read()
            if id_ not in state.recordings and id_ < state.next_recording:
                store.archive.remove(id_)
        with store.locked():
            _sweep(store)
        with suppress(SonicaError):  # a store that is away, or another collection's: `verify` tells
            sweep_originals(store)
    return lost


def _adopt(store: Store) -> list[Recording]:
    """Makes a pack of recordings that are in none; those without a fingerprint. Hold the lock of merging."""

    def plan() -> Plan[list[Recording]]:
        state = store.read()
        held = set[int]().union(*state.packs.values())
        missing = sorted(state.recordings.keys() - held)
        if not missing:
            return Plan(None, [])
        builder, adopted, gone = _packed(store, missing, store.archive.get)
        name = f"{state.next_pack:06d}.pack" if adopted else None
        if name:
            write_atomically(store.packs / name, builder.build())
        commit = Commit(pack=name, adopts=tuple(adopted), retired=tuple(r.id for r in gone))
        return Plan(commit, gone)

    return store.write(plan)


def _sweep(store: Store) -> None:
    """Removes images that belong to nothing. Hold the lock: nobody is about to name them."""
    named = {song.cover for song in store.read().songs.values()}
    for path in store.covers.iterdir() if store.covers.is_dir() else ():
        if path.name not in named:
            with suppress(OSError):
                path.unlink()


def sweep_originals(store: Store) -> int:
    """Removes originals that no recording names; how many. Raises CatalogueError and ObjectsError.

    It waits for nobody but for moments: whoever is about to name an original puts it there again, if need
    be, while it holds the lock. Where there are more loose ones than named ones they are left alone: another
    collection may keep its own there.
    """

    def named() -> AbstractSet[str]:
        return store.read().originals.keys()

    loose = sorted(store.originals.names() - named())
    if len(loose) > max(LOOSE, len(named())):
        message = f"{len(loose)} originals belong to no song here: they may be those of another collection."
        raise CatalogueError("other_originals", message, "Give each collection a prefix of its own.")
    gone = 0
    for start in range(0, len(loose), LOOSE):

        def remove(some: list[str] = loose[start : start + LOOSE]) -> Plan[int]:
            left = set(some) - named()
            store.originals.remove(left)
            return Plan(None, len(left))

        gone += store.write(remove)
    return gone


def _remake(
    store: Store,
    names: list[str],
    fingerprint: Callable[[int], bytes],
    lost: list[Recording] | None = None,
) -> bool:
    """One pack of these, or none where they hold nothing; whether that was still right at its end.

    The pack is made without the lock of writers, and dropped if meanwhile a recording in it became
    one of another song. Recordings without a fingerprint go to `lost`, or raise CatalogueError.
    """
    ids = store.held(names)
    if ids is None:
        return False
    builder, songs, gone = _packed(store, ids, fingerprint)
    if gone and lost is None:
        raise CatalogueError("damaged", f"The fingerprint of {gone[0].path} is lost or damaged.", REBUILD)
    made = store.packs / f"{MERGING}{secrets.token_hex(8)}.pack"
    with _writing_to(store, made):
        if songs:
            builder.write(made)
            sync_folder(store.packs)

        def plan() -> Plan[bool]:
            nonlocal made
            state = store.read()
            changed = any(
                id_ in state.recordings and state.recordings[id_].song_id != song
                for id_, song in songs.items()
            )
            if changed or not all(name in state.packs for name in names):
                return Plan(None, result=False)
            held = {id_ for name in names for id_ in state.packs[name]}
            commit = Commit(
                pack=f"{state.next_pack:06d}.pack" if songs else None,
                replaces=tuple(names),
                dropped=tuple(sorted(held - songs.keys())),
                retired=tuple(r.id for r in gone if r.id in state.recordings),
            )
            if commit.pack:
                # It had its name before the database went away: another may have given that to its own since.
                if not made.name.startswith(MERGING) or not made.exists():
                    return Plan(None, result=False)
                made = made.replace(store.packs / commit.pack)
                sync_folder(store.packs)
            return Plan(commit, result=True)

        if not store.write(plan):
            return False
    if lost is not None:
        lost += gone
    return True


def _packed(
    store: Store, ids: Iterable[int], fingerprint: Callable[[int], bytes]
) -> tuple[_engine.PackBuilder, dict[int, int], list[Recording]]:
    """A pack in the making, the song of each recording in it, and those that have no fingerprint."""
    state = store.read()
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
            if id_ in store.read().recordings:  # else it was removed meanwhile
                gone.append(recording)
            continue
        add_to_pack(builder, recording, state.songs[recording.song_id], print_)
        songs[id_] = recording.song_id
    return builder, songs, gone


def _rescued(store: Store, name: str) -> Callable[[int], bytes]:
    """The fingerprints of a pack's recordings: from the archive, or from the pack, and put back there."""

    def fingerprint(id_: int) -> bytes:
        try:
            return store.archive.get(id_)
        except CatalogueError:
            with suppress(CatalogueError, OSError):
                found = store.open_pack(name).fingerprint(id_)
                if found is not None:
                    _engine.read_fingerprint(found)
                    store.archive.put({id_: found})
                    return found
            raise

    return fingerprint


@contextmanager
def _writing_to(store: Store, temporary: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise store.not_writable(error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
