"""Operating points: what the counts would be at each of thirty thresholds, for single clips and sessions.

The product shows them to whoever moves a threshold (`sonica config`). A stranger whose relative is named is
no false accept, a query whose relative is named is neither right nor wrong; both stay in the totals.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.accuracy.figures import known_of
from bench.accuracy.files import write_atomically
from bench.accuracy.score import Asked, Judged, Kind, Outcome
from bench.accuracy.sessions import Session
from bench.accuracy.truth import BadTableError

MATCH_AT = (
    *(0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.74, 0.78, 0.82, 0.85, 0.88),
    *(0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999),
)
"""Confidences from which on an answer would be a match: more of them where more happens."""
POINTS = Path(__file__).parents[2] / "src" / "sonica" / "recognition" / "operating_points.json"


def operating_points(clips: Judged, sessions: Sequence[Session]) -> dict[str, Any]:
    """Totals, and counts at or above each threshold. Raises BadTableError where no confidence is told."""
    if not any(a.answer.confidence > 0 for a in clips.asked):
        raise BadTableError(
            f"{clips.name} tells no confidence: operating points are made of Sonica's answers"
        )
    known = [s for s in sessions if s.kind is Kind.KNOWN]
    strangers = [s for s in sessions if s.kind is not Kind.KNOWN]
    clips_known = known_of(clips)
    return {
        "known": len(clips_known),
        "strangers": len(clips.asked) - len(clips_known),
        "known_sessions": len(known),
        "sessions": len(strangers),
        "points": [_point(match_at, clips.asked, sessions) for match_at in MATCH_AT],
    }


def _point(match_at: float, clips: Sequence[Asked], sessions: Sequence[Session]) -> dict[str, float]:
    def accepts(asked: Asked) -> bool:
        return asked.answer.confidence >= match_at

    single = [a.outcome(accepted=accepts(a)) for a in clips]
    whole = [s.end(accepts)[0] for s in sessions]
    point: dict[str, float] = {"match_at": match_at}
    for before, outcomes in (("", single), ("session_", whole)):
        for name, wanted in (
            ("hits", Outcome.RIGHT),
            ("wrong", Outcome.WRONG),
            ("false_accepts", Outcome.FALSE),
        ):
            point[before + name] = sum(o is wanted for o in outcomes)
    return point


def write_points(path: Path, about: dict[str, str], clips: Judged, sessions: Sequence[Session]) -> None:
    """`about`: date, machine and what was measured."""
    with write_atomically(path) as file:
        json.dump({**about, **operating_points(clips, sessions)}, file, indent=1)
        file.write("\n")
