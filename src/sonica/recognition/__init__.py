"""Naming a song: samples or a file in, an answer out."""

from sonica.recognition.operating_points import (
    Measured,
    OperatingPoints,
    Rates,
    Share,
    load_operating_points,
    shown_threshold,
)
from sonica.recognition.schemas import Answer, Candidate, Result, Segment, SongRef, Timings
from sonica.recognition.service import LOOKS, QUERY_SECONDS, Describe, OpenPacks, Recognizer
from sonica.recognition.thresholds import ThresholdError, Thresholds
from sonica.recognition.timeline import scan

__all__ = [
    "LOOKS",
    "QUERY_SECONDS",
    "Answer",
    "Candidate",
    "Describe",
    "Measured",
    "OpenPacks",
    "OperatingPoints",
    "Rates",
    "Recognizer",
    "Result",
    "Segment",
    "Share",
    "SongRef",
    "ThresholdError",
    "Thresholds",
    "Timings",
    "load_operating_points",
    "scan",
    "shown_threshold",
]
