"""The catalogue as its journal leaves it."""

from collections.abc import Iterable

from sonica.catalogue.schemas import Commit, Entry, Recording, Song

MOST_PACKS = 8
"""A search reads every pack, so there are never many more than this."""


class State:
    """All that is in the catalogue. `apply` each commit, in their order."""

    def __init__(self, commits: Iterable[Commit] = ()) -> None:
        self.songs: dict[int, Song] = {}
        self.recordings: dict[int, Recording] = {}
        self.packs: dict[str, set[int]] = {}
        """The ids of the recordings in each pack."""
        self.by_location: dict[str, Recording] = {}
        self.song_of: dict[str, int] = {}
        """The song of a file's content, also of files that have been replaced."""
        self.next_song = 1
        self.next_recording = 1
        self.next_pack = 1
        for commit in commits:
            self.apply(commit)

    def apply(self, commit: Commit) -> None:
        """Takes one change in."""
        held = {recording.id for recording in commit.recordings}
        for name in commit.replaces:
            held |= self.packs.pop(name)
        self.packs[commit.pack] = held - set(commit.retired)
        self.next_pack += 1
        for song in commit.songs:
            self.songs[song.id] = song
            self.next_song = max(self.next_song, song.id + 1)
        for recording in commit.recordings:
            self.recordings[recording.id] = recording
            self.by_location[recording.location] = recording
            self.song_of[recording.content] = recording.song_id
            self.next_recording = max(self.next_recording, recording.id + 1)
        for id_ in commit.retired:
            old = self.recordings.pop(id_)
            if self.by_location[old.location].id == id_:
                del self.by_location[old.location]

    def entry(self, recording_id: int) -> Entry | None:
        """The recording and its song."""
        recording = self.recordings.get(recording_id)
        if recording is None:
            return None
        return Entry(song=self.songs[recording.song_id], recording=recording)


def packs_to_merge(sizes: dict[str, int]) -> list[str]:
    """Which packs, of so many recordings each, the next one should take in.

    None while there are few. Then the smallest `MOST_PACKS`: packs grow eightfold a merge, so each
    recording is written anew only about log8(n) times.
    """
    if len(sizes) < MOST_PACKS:
        return []
    return sorted(sizes, key=lambda name: (sizes[name], name))[:MOST_PACKS]
