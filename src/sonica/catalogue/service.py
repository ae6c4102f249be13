"""What the catalogue does: take songs in, hand its packs out, say what a recording is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from sonica import _engine
from sonica.audio import RECORDING, Limits, Listen, Sandbox
from sonica.catalogue.adding import Adding
from sonica.catalogue.change import add_to_pack
from sonica.catalogue.duplicates import pairs
from sonica.catalogue.edition import Edition
from sonica.catalogue.errors import unknown_song
from sonica.catalogue.ingest import Found
from sonica.catalogue.originals import Originals
from sonica.catalogue.remake import mend, merge, rebuild, sweep_originals
from sonica.catalogue.schemas import Added, Entry, Link, Recording, SongEntry
from sonica.catalogue.state import State
from sonica.catalogue.store import Packs, Store
from sonica.catalogue.verify import Finding, verify


class Catalogue:
    """The songs in a data folder. Safe to use from several threads and processes at once.

    `listen`: how files are decoded; without one, in processes of their own, which `add` starts and ends.
    `limits`: what a recording may be. All methods raise CatalogueError; those that change something use the
    database of the folder, start it where it does not run, and raise SonicaError where it cannot be had.
    """

    def __init__(self, home: Path, *, listen: Listen | None = None, limits: Limits = RECORDING) -> None:
        self._store = Store(home)
        self._listen = listen
        self._limits = limits

    def open_packs(self) -> Packs:
        """What to search, as it is now: cheap to ask for before each search."""
        return self._store.open()

    @property
    def edition(self) -> Edition:
        """Which state of the songs this is."""
        return self._store.edition

    def describe(self, recording_ids: Iterable[int]) -> dict[int, Entry]:
        """Song and recording of each id; unknown ids are left out."""
        with self._store.still():
            known = self._store.look()
            entries = {id_: known.entry(id_) for id_ in recording_ids}
        return {id_: entry for id_, entry in entries.items() if entry}

    def __len__(self) -> int:
        """How many recordings there are now."""
        return len(self._store.look())

    def add(
        self,
        files: Iterable[Found],
        *,
        dedupe: bool = True,
        keep: bool = False,
        workers: int | None = None,
        on_read: Callable[[float], None] = lambda _: None,
    ) -> Iterator[Added]:
        """Adds files (see `find_files`), and tells what became of each, in their order.

        A file that fails stops no other. An outcome is told once it is on the disk; `on_read` hears
        the seconds of music of every file that was read (0 for the others) as soon as it was.
        Interrupting keeps what was read so far. With `dedupe`, a recording that is there already,
        however encoded, joins its song; with `keep`, the files are kept as originals: that may
        raise ObjectsError, too.
        """
        adding = partial(
            Adding,
            self._store,
            limits=self._limits,
            workers=workers,
            dedupe=dedupe,
            keep=keep,
            on_read=on_read,
        )
        if self._listen:
            yield from adding(listen=self._listen).run(files)
            return
        with Sandbox(workers) as sandbox:
            yield from adding(listen=sandbox.listen, abandon=sandbox.close).run(files)

    def songs(self) -> list[SongEntry]:
        """All songs of which there is a recording, by id."""
        with self._store.still():
            return list(self.find(sorted(self._store.read().recordings_of)).values())

    def find(self, song_ids: Iterable[int]) -> dict[int, SongEntry]:
        """These songs, by id and in this order, but for those of which there is no recording any more."""
        with self._store.still():
            state = self._store.read()
            return {id_: _entry(state, id_) for id_ in song_ids if state.recordings_of.get(id_)}

    def song(self, song_id: int) -> SongEntry:
        """A song and all its recordings. Raises CatalogueError (`unknown_song`)."""
        found = self.find([song_id])
        if not found:
            raise unknown_song(song_id)
        return found[song_id]

    @property
    def originals(self) -> Originals:
        """The files that were kept."""
        return self._store.originals

    def has_original(self, name: str) -> bool:
        """Whether a recording names this original now."""
        return name in self._store.read().originals

    def sweep(self) -> int:
        """Removes originals that nothing names, and returns how many. Raises ObjectsError, too."""
        return sweep_originals(self._store)

    def unchanged(self, location: str, size: int, mtime_ns: int) -> Entry | None:
        """The recording of what is somewhere, where its original is kept and it has not changed since."""
        state = self._store.read()
        known = state.by_location.get(location)
        if known is None or not known.original or (known.size, known.mtime_ns) != (size, mtime_ns):
            return None
        return state.entry(known.id)

    def edit(self, song_id: int, said: Mapping[str, str | int]) -> SongEntry:
        """Says otherwise what a song is called (fields of `About`)."""
        self.song(song_id)
        self._store.change(lambda change: change.edit(song_id, said))
        return self.song(song_id)

    def remove(self, song_ids: Iterable[int]) -> list[SongEntry]:
        """Removes songs with all their recordings, and returns them. Their files stay where they are."""
        songs = [self.song(id_) for id_ in dict.fromkeys(song_ids)]
        self._store.change(lambda change: change.remove(r.id for song in songs for r in song.recordings))
        merge(self._store)
        return songs

    def attach(self, recording_id: int, song_id: int, link: Link) -> None:
        """Makes a recording one of another song, which `link` gives the reason for."""
        self._store.change(lambda change: change.attach(recording_id, song_id, link))
        merge(self._store)

    def detach(self, recording_id: int) -> SongEntry:
        """Makes a recording a song of its own, which no search for duplicates puts back."""
        song_id = self._store.change(lambda change: change.detach(recording_id))
        merge(self._store)
        return self.song(song_id)

    def duplicates(self, on_recording: Callable[[int, int], None] = lambda _done, _total: None) -> list[Link]:
        """What recordings of different songs share, the most first; nothing is changed.

        `on_recording` hears how many recordings of how many were looked at.
        """
        return sorted(pairs(self._store, on_recording), key=lambda link: (link.kind != "same", -link.share))

    def link(self, links: Iterable[Link]) -> None:
        """Keeps what `duplicates` found: recordings that are the same become one song, the older one."""
        self._store.change(lambda change: change.join(links))
        merge(self._store)

    def pack(self, song_ids: Iterable[int], profile: str = "full") -> bytes:
        """A pack of songs to take along, with all their recordings; the titles are in it."""
        state = self._store.read()
        builder = _engine.PackBuilder(profile)
        for entry in map(self.song, dict.fromkeys(song_ids)):
            for recording in entry.recordings:
                fingerprint = self._store.archive.get(recording.id)
                add_to_pack(builder, recording, state.songs[entry.song.id], fingerprint)
        return builder.build()

    def catch_up(self) -> None:
        """Has searches know of what a writer had in the database when it died."""
        self._store.catch_up()

    def merge(self) -> int:
        """Makes few packs of many. Returns how many it made; `add` and `remove` do so by themselves."""
        return merge(self._store)

    def mend(self) -> int:
        """Makes packs that are damaged anew from the fingerprints. Returns how many."""
        return mend(self._store)

    def rebuild(self, on_pack: Callable[[int, int], None] = lambda _done, _total: None) -> list[Recording]:
        """Makes every pack anew from the fingerprints. Returns the recordings that have none any more.

        These are no longer known: adding their files brings them back.
        """
        lost = rebuild(self._store, on_pack)
        merge(self._store)
        return lost

    def verify(self, on_pack: Callable[[int, int], None] = lambda _done, _total: None) -> list[Finding]:
        """Reads everything, and tells what is wrong."""
        return verify(self._store, on_pack)


def _entry(state: State, song_id: int) -> SongEntry:
    ids = sorted(state.recordings_of[song_id])
    links = {link.recordings: link for id_ in ids for link in state.links_of(id_)}
    recordings = tuple(state.recordings[id_] for id_ in ids)
    return SongEntry(song=state.songs[song_id], recordings=recordings, links=tuple(links.values()))
