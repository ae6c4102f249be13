"""The catalogue as its changes leave it."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping

from sonica.catalogue.schemas import Commit, Entry, Link, Recording, Song


class State:
    """All that is in the catalogue. `apply` each commit, in their order."""

    def __init__(self, commits: Iterable[Commit] = ()) -> None:
        self.songs: dict[int, Song] = {}
        """Also those without a recording: a file that comes back finds its song again."""
        self.recordings: dict[int, Recording] = {}
        self.packs: dict[str, set[int]] = {}
        """The ids of the recordings that each pack holds, known or retired."""
        self.absent: set[int] = set()
        """The retired ones that packs still hold: nobody should find them."""
        self.stale: set[int] = set()
        """Recordings that are now of another song than their packs say: these are to be made anew."""
        self.by_location: dict[str, Recording] = {}
        self.song_of: dict[str, int] = {}
        """The song of a file's content, also of files that have been replaced."""
        self.originals = Counter[str]()
        """How many recordings name each original."""
        self.recordings_of: defaultdict[int, set[int]] = defaultdict(set)
        """The ids of the recordings of each song."""
        self.sequence = 0
        """How many changes there were."""
        self.last: Commit | None = None
        """The last of them."""
        self.next_song = 1
        self.next_recording = 1
        self.next_pack = 1
        self._links: defaultdict[int, dict[int, Link]] = defaultdict(dict)
        """By the ids of either recording and of the other."""
        for commit in commits:
            self.apply(commit)

    def apply(self, commit: Commit) -> None:
        """Takes one change in."""
        holds = self.held(commit)
        self.sequence += 1
        self.last = commit
        for song in commit.songs:
            self.songs[song.id] = song
            self.next_song = max(self.next_song, song.id + 1)
        for recording in commit.recordings:
            self._put(recording)
        for id_ in commit.retired:
            self._retire(id_)
        for link in commit.links:
            a, b = link.recordings
            self._links[a][b] = self._links[b][a] = link
        for name in commit.replaces:
            self.packs.pop(name)
        self.absent -= set(commit.dropped)
        if commit.replaces:
            self.stale -= holds
        if commit.pack:
            self.packs[commit.pack] = holds
            self.next_pack += 1

    def held(self, commit: Commit) -> set[int]:
        """What the new pack of a change will hold that was not taken in yet."""
        return held(commit, self.recordings, self.packs)

    def _put(self, recording: Recording) -> None:
        if old := self.recordings.get(recording.id):
            self.recordings_of[old.song_id].discard(old.id)
            self._name_no_more(old.original)
            if old.song_id != recording.song_id:
                self.stale.add(recording.id)
        self.recordings[recording.id] = recording
        self.recordings_of[recording.song_id].add(recording.id)
        self.by_location[recording.location] = recording
        if recording.original:
            self.originals[recording.original] += 1
        self.song_of[recording.content] = recording.song_id
        self.next_recording = max(self.next_recording, recording.id + 1)

    def _retire(self, id_: int) -> None:
        old = self.recordings.pop(id_)
        self.absent.add(id_)
        self.stale.discard(id_)
        self.recordings_of[old.song_id].discard(id_)
        self._name_no_more(old.original)
        if self.by_location[old.location].id == id_:
            del self.by_location[old.location]
        for other in self._links.pop(id_, {}):
            self._links[other].pop(id_)

    def _name_no_more(self, original: str) -> None:
        self.originals[original] -= 1
        if self.originals[original] <= 0:
            del self.originals[original]

    def __len__(self) -> int:
        """How many recordings there are."""
        return len(self.recordings)

    def entry(self, recording_id: int) -> Entry | None:
        """The recording and its song."""
        recording = self.recordings.get(recording_id)
        if recording is None:
            return None
        return Entry(song=self.songs[recording.song_id], recording=recording)

    def links_of(self, recording_id: int) -> tuple[Link, ...]:
        """What is known of what it shares with others."""
        return tuple(self._links[recording_id].values()) if recording_id in self._links else ()

    def links(self) -> Iterator[Link]:
        """All of them, each once."""
        for id_, others in self._links.items():
            for other, link in others.items():
                if id_ <= other:
                    yield link


def held(commit: Commit, recordings: Container[int], packs: Mapping[str, set[int]]) -> set[int]:
    """What the new pack of a change holds, where those recordings and packs were there before."""
    new = {recording.id for recording in commit.recordings if recording.id not in recordings}
    return new.union(commit.adopts, *(packs[name] for name in commit.replaces)) - set(commit.dropped)
