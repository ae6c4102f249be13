"""One change of the catalogue, against the state that it is made to. Decides all; writes nothing."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sonica import _engine
from sonica.audio import Cover
from sonica.catalogue.errors import CatalogueError, unknown_song
from sonica.catalogue.ingest import Prepared
from sonica.catalogue.schemas import About, Commit, Link, Outcome, Recording, Song
from sonica.catalogue.state import State


@dataclass
class Change:
    """What will be other than in `state`. Fill it by its methods, then ask for `commit` and `build`."""

    state: State
    songs: dict[int, Song] = field(default_factory=dict)
    recordings: dict[int, Recording] = field(default_factory=dict)
    fingerprints: dict[int, bytes] = field(default_factory=dict)
    """Those of new recordings."""
    retired: set[int] = field(default_factory=set)
    links: dict[frozenset[int], Link] = field(default_factory=dict)
    covers: dict[str, bytes] = field(default_factory=dict)
    """Images, by the names that songs know them by."""

    def __post_init__(self) -> None:
        self._next_song = self.state.next_song
        self._next_recording = self.state.next_recording
        self._by_location: dict[str, Recording] = {}
        self._song_of: dict[str, int] = {}

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.songs or self.recordings or self.retired or self.links)

    def take(self, item: Prepared, links: Sequence[Link] = ()) -> tuple[Outcome, int]:
        """Adds a file. Returns what became of it, and the id of its recording (0 for an error).

        The same bytes under another name are another recording of the same song, and so is what the
        first of its `links` says is the `same`. Other bytes under the same name retire the recording
        that was there; where they are the same sound, its song stays, and what the file now says
        otherwise is said of it. In `links` the first id is that of the new recording, whatever it says.
        """
        there = self._by_location.get(item.found.location) or self.state.by_location.get(item.found.location)
        if there and there.content == item.content:
            return self._take_again(there, item)
        if not item.fingerprint:  # it was there when it was looked at, and was removed meanwhile
            return "error", 0
        links = [link for link in links if self._recording(link.recordings[1])]
        if not links and (twin := self._twin(item.content)):
            links = [Link(recordings=(0, twin), kind="same", share=1.0)]
        kept, apart = 0, set[int]()
        if there:
            is_same = item.sounds_as_before or there.song_id in self._songs_of(links)
            kept = there.song_id if is_same else 0
            apart = {other for link in self._links_of(there.id) for other in link.recordings} - {there.id}
            self._retire(there.id)
            links = [link for link in links if link.recordings[1] != there.id]
        song_id = kept or self._song_for(item, links, apart)
        recording = self._new_recording(item, song_id)
        for link in links:
            self._link(link.model_copy(update={"recordings": (recording.id, link.recordings[1])}))
        for other in filter(self._recording, apart):
            self._link(Link(recordings=(recording.id, other), kind="different"))
        if there and kept:
            self.edit(kept, _said_anew(there.about, item))
            return "updated", recording.id
        if item.found.said and song_id:
            self.edit(song_id, item.found.said)
        return "added", recording.id

    def _new_recording(self, item: Prepared, song_id: int) -> Recording:
        """A recording of that song; of a new one where it is 0."""
        recording = Recording(
            id=self._next_recording,
            song_id=song_id or self._next_song,
            path=item.found.shown,
            location=item.found.location,
            content=item.content,
            duration_s=round(item.duration_s, 3),
            size=item.size,
            mtime_ns=item.mtime_ns,
            original=item.original,
            about=item.about,
        )
        if not song_id:
            self._new_song(item.about, item.cover)
        self._next_recording += 1
        self.recordings[recording.id] = recording
        self.fingerprints[recording.id] = item.fingerprint
        self._by_location[recording.location] = recording
        self._song_of[recording.content] = recording.song_id
        return recording

    def _twin(self, content: str) -> int | None:
        """A recording with these very bytes."""
        song = self._song_of.get(content) or self.state.song_of.get(content)
        of_song = self._recordings_of(song) if song else set()
        known = (self._recording(id_) for id_ in sorted(of_song))
        return next((one.id for one in known if one and one.content == content), None)

    def _songs_of(self, links: Sequence[Link]) -> set[int]:
        """The songs that links say are the same."""
        others = (self._recording(link.recordings[1]) for link in links if link.kind == "same")
        return {other.song_id for other in others if other}

    def _links_of(self, recording_id: int) -> list[Link]:
        """What keeps a recording apart from others."""
        links = [*self.state.links_of(recording_id), *self.links.values()]
        return [link for link in links if link.kind == "different" and recording_id in link.recordings]

    def _take_again(self, there: Recording, item: Prepared) -> tuple[Outcome, int]:
        """A file that is there: perhaps it was touched or is to be kept, or somebody says what it is."""
        now = {"size": item.size, "mtime_ns": item.mtime_ns, "original": item.original or there.original}
        if now != {name: getattr(there, name) for name in now}:
            self._put(there.model_copy(update=now))
        if item.found.said and self.edit(there.song_id, item.found.said):
            return "updated", there.id
        return "known", there.id

    def _song_for(self, item: Prepared, links: Sequence[Link], apart: set[int]) -> int:
        """The song that a new recording is of, if it is there; none with a recording that is kept apart."""
        known = self._song_of.get(item.content) or self.state.song_of.get(item.content)
        if known:
            return known
        for link in links:
            other = self._recording(link.recordings[1])
            if link.kind == "same" and other and not apart & self._recordings_of(other.song_id):
                return other.song_id
        return 0

    def edit(self, song_id: int, said: Mapping[str, str | int]) -> bool:
        """Says otherwise what a song is called; whether that changed anything. Raises CatalogueError."""
        song = self._song(song_id)
        edited = song.model_copy(update=said)
        if edited == song:
            return False
        self.songs[song_id] = edited
        return True

    def remove(self, recording_ids: Iterable[int]) -> None:
        """Retires recordings. Raises CatalogueError (`unknown_recording`)."""
        for id_ in recording_ids:
            self._known(id_)
            self._retire(id_)

    def attach(self, recording_id: int, song_id: int, link: Link) -> None:
        """Makes a recording one of another song; `link` says why. Raises CatalogueError."""
        recording = self._known(recording_id)
        about = recording.about or self._song(recording.song_id).about()
        if self._song(song_id).id == recording.song_id:
            return
        self._put(recording.model_copy(update={"song_id": song_id, "about": about}))
        self._link(link)

    def join(self, links: Iterable[Link]) -> None:
        """Keeps links; where they say `same`, all recordings of the newer song become the older one's.

        Links of recordings that are no longer known are passed over.
        """
        for link in links:
            one, other = (self._recording(id_) for id_ in link.recordings)
            if one is None or other is None:
                continue
            if link.kind != "same" or one.song_id == other.song_id:
                self._link(link)
                continue
            old, new = sorted((one.song_id, other.song_id))
            moving, staying = self._recordings_of(new), self._recordings_of(old)
            if any(set(kept.recordings) & staying for id_ in moving for kept in self._links_of(id_)):
                continue  # somebody called two of them different
            self._link(link)
            for id_ in sorted(moving):
                self.attach(id_, old, link)

    def _recordings_of(self, song_id: int) -> set[int]:
        there = {id_ for id_ in self.state.recordings_of.get(song_id, ()) if self._recording(id_)}
        now = {recording.id for recording in self.recordings.values() if recording.song_id == song_id}
        return {id_ for id_ in there | now if (known := self._recording(id_)) and known.song_id == song_id}

    def detach(self, recording_id: int) -> int:
        """Makes a recording a song of its own, different from what it was with. Returns the new song's id.

        Raises CatalogueError (`unknown_recording`, `alone`).
        """
        recording = self._known(recording_id)
        others = self.state.recordings_of[recording.song_id] - {recording_id}
        if not others:
            raise CatalogueError(
                "alone", f"Recording {recording_id} is a song of its own already.", "Nothing was changed."
            )
        song_id = self._new_song(recording.about or self._song(recording.song_id).about())
        self._put(recording.model_copy(update={"song_id": song_id}))
        for other in sorted(others):
            self._link(Link(recordings=(recording_id, other), kind="different"))
        return song_id

    def commit(self) -> Commit:
        """The line for the journal."""
        return Commit(
            pack=f"{self.state.next_pack:06d}.pack" if self.fingerprints else None,
            songs=tuple(self.songs.values()),
            recordings=tuple(self.recordings.values()),
            retired=tuple(sorted(self.retired)),
            links=tuple(self.links.values()),
        )

    def build(self) -> bytes:
        """The bytes of the new pack."""
        builder = _engine.PackBuilder()
        for id_, fingerprint in sorted(self.fingerprints.items()):
            recording = self.recordings[id_]
            add_to_pack(builder, recording, self._song(recording.song_id), fingerprint)
        return builder.build()

    def _song(self, song_id: int) -> Song:
        song = self.songs.get(song_id) or self.state.songs.get(song_id)
        if song is None:
            raise unknown_song(song_id)
        return song

    def _recording(self, id_: int) -> Recording | None:
        return None if id_ in self.retired else self.recordings.get(id_) or self.state.recordings.get(id_)

    def _known(self, id_: int) -> Recording:
        recording = self._recording(id_)
        if recording is None:
            raise CatalogueError(
                "unknown_recording",
                f"There is no recording {id_}.",
                "`sonica songs show SONG` lists the recordings of a song.",
            )
        return recording

    def _new_song(self, about: About, cover: Cover | None = None) -> int:
        name = ""
        if cover:
            digest = hashlib.blake2b(cover.data, digest_size=16).hexdigest()
            name = f"{digest}.{cover.mime.removeprefix('image/')}"
            self.covers[name] = cover.data
        song = Song(id=self._next_song, cover=name, **about.model_dump())
        self._next_song += 1
        self.songs[song.id] = song
        return song.id

    def _put(self, recording: Recording) -> None:
        self.recordings[recording.id] = recording
        self._by_location[recording.location] = recording

    def _retire(self, id_: int) -> None:
        if self.fingerprints.pop(id_, None) is None:
            self.retired.add(id_)
        self.recordings.pop(id_, None)
        self.links = {pair: link for pair, link in self.links.items() if id_ not in pair}

    def _link(self, link: Link) -> None:
        self.links[frozenset(link.recordings)] = link


def _said_anew(before: About | None, item: Prepared) -> dict[str, str | int]:
    """What a file says otherwise than it did, and what somebody says of it."""
    now = item.about.model_dump()
    old = before.model_dump() if before else now
    return {**{name: value for name, value in now.items() if value != old[name]}, **item.found.said}


def add_to_pack(builder: _engine.PackBuilder, recording: Recording, song: Song, fingerprint: bytes) -> None:
    """One more recording for a pack."""
    builder.add(
        recording.id, song.id, fingerprint, title=song.title, artist=song.artist, language=song.language
    )
