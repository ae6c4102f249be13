"""Naming a song: samples or a file in, an answer out."""

from sonica.recognition.schemas import Answer, Candidate, SongRef, Timings
from sonica.recognition.service import QUERY_SECONDS, Describe, OpenPacks, Recognizer

__all__ = [
    "QUERY_SECONDS",
    "Answer",
    "Candidate",
    "Describe",
    "OpenPacks",
    "Recognizer",
    "SongRef",
    "Timings",
]
