"""Titles and artists as they are searched for, and where songs stand in a list."""

import unicodedata
from typing import NamedTuple

JOINERS = str.maketrans("", "", "\u200c\u200d")
"""They say how letters of Devanagari are drawn, and are typed by some only."""


class Place(NamedTuple):
    """Where a song stands in a list: by how well it fits, then by id."""

    rank: int
    song_id: int


START = Place(0, 0)


def folded(text: str) -> str:
    """Without case, accents of Latin letters, and punctuation; the signs of Devanagari stay."""
    parts = unicodedata.normalize("NFKD", text.casefold().translate(JOINERS))
    return " ".join(letters("".join(char for char in parts if not "\u0300" <= char <= "\u036f")).split())


def letters(text: str) -> str:
    """The text with a space for each character that is neither a letter with its signs nor a digit."""
    return "".join(char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in text)
