"""Naming a song: samples or a file in, an answer out."""

from typing import TYPE_CHECKING

from sonica.platform import lazy

if TYPE_CHECKING:
    from sonica.recognition.operating_points import (
        Measured,
        OperatingPoints,
        Rates,
        Share,
        load_operating_points,
    )
    from sonica.recognition.schemas import Answer, Candidate, Result, Segment, SongRef, Timings
    from sonica.recognition.service import QUERY_SECONDS, Describe, OpenPacks, Recognizer
    from sonica.recognition.session import LOOKS, Session
    from sonica.recognition.thresholds import ThresholdError, Thresholds, shown_threshold
    from sonica.recognition.timeline import cut_fingerprint, scan, scan_fingerprints
else:
    __getattr__ = lazy.parts(
        __name__,
        operating_points="Measured OperatingPoints Rates Share load_operating_points",
        schemas="Answer Candidate Result Segment SongRef Timings",
        service="QUERY_SECONDS Describe OpenPacks Recognizer",
        session="LOOKS Session",
        thresholds="ThresholdError Thresholds shown_threshold",
        timeline="cut_fingerprint scan scan_fingerprints",
    )

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
    "Session",
    "Share",
    "SongRef",
    "ThresholdError",
    "Thresholds",
    "Timings",
    "cut_fingerprint",
    "load_operating_points",
    "scan",
    "scan_fingerprints",
    "shown_threshold",
]
