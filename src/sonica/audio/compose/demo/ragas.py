"""Ragas: which swaras, how one climbs and comes down, where one rests, and by which phrases it is known.

Swaras are whole semitones above the middle Sa, so 12 is the upper Sa and -1 the lower Ni. They are written
as singers do: S r R g G m M P d D n N, where a small r, g, d, n is flat (komal) and M is the sharp Ma
(tivra); a dot before a swara means the octave below, an apostrophe after it the octave above. Ascents,
descents, vadi and samvadi are those of the usual textbooks (V. N. Bhatkhande, Kramik Pustak Malika), mixed
ragas (Pilu, Pahadi, Shivaranjani, Kirwani) as light music has them.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

SWARAS = {"S": 0, "r": 1, "R": 2, "g": 3, "G": 4, "m": 5, "M": 6, "P": 7, "d": 8, "D": 9, "n": 10, "N": 11}
"""Semitones above Sa."""

RATIOS = (1, 16 / 15, 9 / 8, 6 / 5, 5 / 4, 4 / 3, 45 / 32, 3 / 2, 8 / 5, 5 / 3, 9 / 5, 15 / 8)
"""Just intonation: what each semitone is to Sa, so that all of them are in tune with the drone."""


def sargam(text: str) -> tuple[int, ...]:
    """`.N R G S'` as (-1, 2, 4, 12). Raises KeyError for what is no swara."""
    return tuple(
        SWARAS[word.strip(".'")] + 12 * (word.count("'") - word.count(".")) for word in re.split(r"\s+", text)
    )


def hertz(swara: int, sa: float) -> float:
    """The pitch of a swara where the middle Sa has `sa` Hz."""
    octave, place = divmod(swara, 12)
    return float(sa * 2.0**octave * RATIOS[place])


@dataclass(frozen=True)
class Raga:
    """`up` and `down`: semitones of one octave, those of the ascent and of the descent; `vadi` and
    `samvadi`: the two swaras that are dwelt upon; `rests`: others where a line may end; `phrases`: those by
    which it is known (pakad), each within about an octave; `swings`: swaras that are held swinging (andolan).
    """

    name: str
    up: frozenset[int]
    down: frozenset[int]
    vadi: int
    samvadi: int
    rests: frozenset[int]
    phrases: tuple[tuple[int, ...], ...]
    swings: frozenset[int] = frozenset()

    @cached_property
    def swaras(self) -> frozenset[int]:
        """All that belongs to it, as semitones of one octave."""
        return self.up | self.down | {swara % 12 for phrase in self.phrases for swara in phrase}

    @cached_property
    def turns(self) -> frozenset[tuple[int, int]]:
        """The steps within its phrases: the swara that is left (one octave) and the semitones moved."""
        return frozenset((a % 12, b - a) for phrase in self.phrases for a, b in pairwise(phrase))

    def allows(self, a: int, b: int) -> bool:
        """Whether one may go from `a` to `b`: up between swaras of the ascent, down between those of the
        descent, and otherwise as one of the phrases does it.
        """
        way = self.up if b > a else self.down
        return a == b or {a % 12, b % 12} <= way or (a % 12, b - a) in self.turns

    def weight(self, swara: int) -> float:
        """How much a long note is drawn to a swara: vadi, samvadi, where one rests, any other."""
        place = swara % 12
        if place == self.vadi:
            return 5.0
        if place == self.samvadi:
            return 3.0
        return 1.6 if place in self.rests or place == 0 else 0.6

    @property
    def drone(self) -> int:
        """What the tanpura's first string sounds beside Sa: Pa, or Ma where the raga has no Pa."""
        return 7 if 7 in self.swaras else 5


def _raga(
    name: str, up: str, down: str, chief: str, *, rests: str, phrases: tuple[str, ...], swings: str = ""
) -> Raga:
    vadi, samvadi = sargam(chief)
    return Raga(
        name=name,
        up=frozenset(swara % 12 for swara in sargam(up)),
        down=frozenset(swara % 12 for swara in sargam(down)),
        vadi=vadi,
        samvadi=samvadi,
        rests=frozenset(sargam(rests)),
        phrases=tuple(sargam(phrase) for phrase in phrases),
        swings=frozenset(sargam(swings)) if swings else frozenset(),
    )


RAGAS: dict[str, Raga] = {
    raga.name: raga
    for raga in (
        _raga(
            "Yaman", ".N R G M D N S'", "S' N D P M G R S", "G N", rests="R P",
            phrases=(".N R G R S", "P M G R S", "M D N D P", ".N R G M P", "G M D N S'"),
        ),
        _raga(
            "Bhupali", "S R G P D S'", "S' D P G R S", "G D", rests="R P",
            phrases=("G R S .D S R G", "P G D P G R S", "S R G P G", "G P D S' D P"),
        ),
        _raga(
            "Durga", "S R m P D S'", "S' D P m R S", "m S", rests="R P",
            phrases=("P m P D m R P", "m R .D S", "R m P D m R", "D S' D P m P"),
        ),
        _raga(
            "Desh", "S R m P N S'", "S' n D P m G R S", "R P", rests="P S",
            phrases=("R m P n D P", "P D P m G R", "G .N S R", "m P N S' R'", "R m G R G .N S"),
        ),
        _raga(
            "Khamaj", "S G m P D N S'", "S' n D P m G R S", "G N", rests="P m",
            phrases=("n D m P D m G", "G m P D n D P", "S G m P G m G R S", "P N S' n D P"),
        ),
        _raga(
            "Kafi", "S R g m P D n S'", "S' n D P m g R S", "P S", rests="R g",
            phrases=("S R g m P", "m P m g R S", "R g m P m P", "P D n D P m", "m P n S' R'"),
        ),
        _raga(
            "Bhairavi", "S r g m P d n S'", "S' n d P m g r S", "m S", rests="P g",
            phrases=("m g r g S r S", "g m P d P", "P d n d P m g", ".d .n S r S", "m g m g r S"),
        ),
        _raga(
            "Bageshri", "S g m D n S'", "S' n D m g R S", "m S", rests="D g",
            phrases=(".D .n S m", "m D n D m", "m P D m g R S", ".n S g m D n", "m g R S"),
        ),
        _raga(
            "Bhimpalasi", "S g m P n S'", "S' n D P m g R S", "m S", rests="P g",
            phrases=(".n S m g m", "m P g m g R S", "P n S' n D P", "g m P m g m"),
        ),
        _raga(
            "Pilu", "S R g m P N S'", "S' n D P m g R S", "g N", rests="P S",
            phrases=(".N S g R S", "g R S .N S", "g m P g R S", "P D n D P", "m P d P g R S"),
        ),
        _raga(
            "Bhairav", "S r G m P d N S'", "S' N d P m G r S", "d r", rests="P m",
            phrases=("G m d d P", "G m r r S", "m P d N S'", "P m G m r S", "N d P m P"), swings="r d",
        ),
        _raga(
            "Malkauns", "S g m d n S'", "S' n d m g S", "m S", rests="d g",
            phrases=("m g m d n d m", "d n S' n d m", "m g S", ".d .n S g m g S"),
        ),
        _raga(
            "Brindabani Sarang", "S R m P N S'", "S' n P m R S", "R P", rests="m S",
            phrases=(".N S R m R S", "R m P n P m R", "m P N S'", "P m R .N S"),
        ),
        _raga(
            "Jhinjhoti", "S R m P D S'", "S' n D P m G R S", "G D", rests="P m",
            phrases=(".D S R m G", ".P .D S R m G R S", "R S .n .D .P .D S", "P D m G R S"),
        ),
        _raga(
            "Pahadi", "S R G P D S'", "S' D P G R S", "S P", rests="G D",
            phrases=("G R S .D .P", ".P .D S R G", "G P D P G R", "P D S' D P", "S R G R S .D S"),
        ),
        _raga(
            "Shivaranjani", "S R g P D S'", "S' D P g R S", "P S", rests="g R",
            phrases=("g P D P g R S", "R g P D S'", "S R g R S .D S", "P D S' D P g"),
        ),
        _raga(
            "Kirwani", "S R g m P d N S'", "S' N d P m g R S", "P S", rests="g m",
            phrases=("P d N S' N d P", "m P d P m g R", "S R g m P", "g m g R S .N S"),
        ),
        _raga(
            "Hamsadhvani", "S R G P N S'", "S' N P G R S", "S P", rests="G R",
            phrases=("G P N S'", "N P G R S", "R G P G R .N S", "P N S' R' N P"),
        ),
    )
}  # fmt: skip
"""By name."""
