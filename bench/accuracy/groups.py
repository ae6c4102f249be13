"""The degradations in groups of like hardness, as the goals for accuracy are stated."""

from collections.abc import Mapping

from bench.accuracy.truth import Query

SHORT = "2 s and 1 s clips, clean and at 5 dB"
REST = "the rest"


def _each(kind: str, *numbers: int) -> tuple[str, ...]:
    return tuple(f"{kind}{n:+d}" for n in numbers)


GROUPS: Mapping[str, tuple[str, ...]] = {
    "clean and quiet": ("clean", "quiet"),
    "noise at 10 and 5 dB": ("snr10", "snr5"),
    "0 dB": ("snr0",),
    "-5 dB": ("snr-5",),
    "-10 dB and phone-5": ("snr-10", "phone-5"),
    "phone": ("phone",),
    "speed 0.8-1.25, tempo ±10%, pitch ±1, slowrev": (
        *_each("speed", -20, -15, -10, -5, -2, 2, 5, 10, 15, 20, 25),
        *(*_each("stretch", -10, 10), *_each("pitch", -1, 1), "slowrev"),
    ),
    "speed +10% with 5 dB noise": ("speed+10_snr5",),
    "speed 0.7-0.8 and 1.25-1.4, tempo ±25%, pitch ±3": (
        *_each("speed", -30, -25, 30, 40),
        *(*_each("stretch", -25, 25), *_each("pitch", -3, 3)),
    ),
    "allatonce": ("allatonce",),
    SHORT: (),
    REST: (),
}
"""Row -> degradations; the last two follow from the length, and from what is left."""
_OF = {degradation: name for name, part in GROUPS.items() for degradation in part}


def group_of(query: Query) -> str:
    """The row that a query counts in."""
    if query.length_s < 3 and query.degradation in ("clean", "snr5"):
        return SHORT
    return _OF.get(query.degradation, REST)
