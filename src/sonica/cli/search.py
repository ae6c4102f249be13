"""Songs by words of their title, artist or album."""

import difflib
from collections.abc import Iterable

from sonica.catalogue import SongEntry, folded

CLOSE = 0.75
"""Share of letters in common from which on a word counts as misspelt."""


def matching(songs: Iterable[SongEntry], words: str) -> list[SongEntry]:
    """The songs that have all the words, or beginnings of them, or words much like them; best first."""
    wanted = folded(words).split()
    scored = [(_score(one, wanted), one) for one in songs] if wanted else []
    found = [(score, one) for score, one in scored if score > 0]
    found.sort(key=lambda pair: (-pair[0], pair[1].song.id))
    return [one for _, one in found]


def _score(one: SongEntry, wanted: list[str]) -> float:
    """0 where a word is missing; more, the better they fit, and most for words of the title."""
    song = one.song
    title, others = folded(song.title).split(), folded(f"{song.artist} {song.album}").split()
    total = 0.0
    for word in wanted:
        best = max(_likeness(word, title), 0.8 * _likeness(word, others))
        if best == 0:
            return 0.0
        total += best
    return total / len(wanted)


def _likeness(word: str, there: list[str]) -> float:
    if word in there:
        return 1.0
    if any(other.startswith(word) for other in there):
        return 0.9
    close = difflib.get_close_matches(word, there, n=1, cutoff=CLOSE) if len(word) > 3 else []
    return 0.7 if close else 0.0
