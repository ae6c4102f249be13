"""Which songs there are, a page at a time, and plain search in titles and artists."""

import heapq
import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sonica.catalogue.schemas import Song

JOINERS = str.maketrans("", "", "\u200c\u200d")
"""They say how letters of Devanagari are drawn, and are typed by some only."""


class Place(NamedTuple):
    """Where a song stands in a list: by how well it fits, then by id."""

    rank: int
    song_id: int


START = Place(0, 0)


def page(songs: Iterable[Song], words: str, after: Place, most: int) -> list[Place]:
    """The places of the first `most` songs after a place.

    A song fits where its title (rank 0) or artist (1) begins with the words, or a later word of either
    does (2), or they stand anywhere in them (3). Without words every song has rank 0.
    """
    return heapq.nsmallest(most, _places(songs, folded(words), after))


def _places(songs: Iterable[Song], wanted: str, after: Place) -> Iterator[Place]:
    for song in songs:
        rank = _rank(song, wanted) if wanted else 0
        if rank is not None and (place := Place(rank, song.id)) > after:
            yield place


def _rank(song: Song, wanted: str) -> int | None:
    title, artist = folded(song.title), folded(song.artist)
    if title.startswith(wanted):
        return 0
    if artist.startswith(wanted):
        return 1
    if f" {wanted}" in title or f" {wanted}" in artist:
        return 2
    return 3 if wanted in title or wanted in artist else None


def folded(text: str) -> str:
    """Without case, accents of Latin letters, and punctuation; the signs of Devanagari stay."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(JOINERS))
    return " ".join(letters("".join(char for char in parts if not "\u0300" <= char <= "\u036f")).split())


def letters(text: str) -> str:
    """The text with a space for each character that is neither a letter with its signs nor a digit."""
    return "".join(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in text)
