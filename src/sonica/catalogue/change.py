"""What a batch of files means for the catalogue: new songs, recordings that replace others, a merge."""

from typing import Literal

from sonica import _engine
from sonica.catalogue.errors import RESTORE, CatalogueError
from sonica.catalogue.ingest import Prepared
from sonica.catalogue.schemas import Commit, Recording, Song
from sonica.catalogue.state import State, packs_to_merge
from sonica.platform.files import shown_path


class Change:
    """A batch against the state it will be added to. Decides everything; writes nothing.

    The same bytes under another name are another recording of the same song. Other bytes under
    the same name retire the recording that was there: its pack is written anew without it.
    """

    def __init__(self, state: State, batch: list[Prepared]) -> None:
        self.outcomes: list[tuple[Literal["added", "known"], int]] = []
        """For each of the batch, what became of it and the id of its recording."""
        self.recordings: dict[int, tuple[Recording, Prepared]] = {}
        self.songs: dict[int, Song] = {}
        self.retired: set[int] = set()
        self._state = state
        self._next_song = state.next_song
        self._by_location = dict(state.by_location)
        self._song_of = dict(state.song_of)
        for item in batch:
            self._take(item)
        sizes = {name: len(ids) for name, ids in state.packs.items()}
        spoiled = {name for name, ids in state.packs.items() if ids & self.retired}
        self.replaces = sorted(spoiled | set(packs_to_merge(sizes)))

    def _take(self, item: Prepared) -> None:
        there = self._by_location.get(item.found.location)
        if there and there.content == item.content:
            self.outcomes.append(("known", there.id))
            return
        song_id = self._song_of.get(item.content) or self._new_song(item)
        recording = Recording(
            id=self._state.next_recording + len(self.recordings),
            song_id=song_id,
            path=shown_path(item.found.path),
            location=item.found.location,
            content=item.content,
            duration_s=round(item.duration_s, 3),
        )
        if there:
            self.retired.add(there.id)
        self.recordings[recording.id] = (recording, item)
        self._by_location[recording.location] = recording
        self._song_of[recording.content] = song_id
        self.outcomes.append(("added", recording.id))

    def _new_song(self, item: Prepared) -> int:
        tags = item.tags
        song = Song(
            id=self._next_song,
            title=tags.title,
            artist=tags.artist,
            language=tags.language,
            album=tags.album,
            genre=tags.genre,
        )
        self._next_song += 1
        self.songs[song.id] = song
        return song.id

    def commit(self) -> Commit:
        """The line for the journal."""
        return Commit(
            pack=f"{self._state.next_pack:06d}.pack",
            replaces=tuple(self.replaces),
            songs=tuple(self.songs.values()),
            recordings=tuple(recording for recording, _ in self.recordings.values()),
            retired=tuple(sorted(self.retired)),
        )

    def build(self, replaced: dict[str, _engine.Pack]) -> bytes:
        """The bytes of the new pack: what stays of the `replaced` packs, then the new recordings."""
        builder = _engine.PackBuilder()
        for name, pack in replaced.items():
            for id_ in sorted(self._state.packs[name] - self.retired):
                fingerprint = pack.fingerprint(id_)
                if fingerprint is None:
                    raise CatalogueError("damaged", f"{name} lacks recording {id_}.", RESTORE)
                self._put(builder, self._state.recordings[id_], fingerprint)
        for recording, item in self.recordings.values():
            if recording.id not in self.retired:
                self._put(builder, recording, item.fingerprint)
        return builder.build()

    def _put(self, builder: _engine.PackBuilder, recording: Recording, fingerprint: bytes) -> None:
        song = self.songs.get(recording.song_id) or self._state.songs[recording.song_id]
        builder.add(
            recording.id,
            song.id,
            fingerprint,
            title=song.title,
            artist=song.artist,
            language=song.language,
        )
