"""Talas: cycles of beats (matras) in sections (vibhags), and the strokes (bols) of each (its theka)."""

from dataclasses import dataclass

BOLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "dha": (("na", "ge"),),
    "dhin": (("tin", "ge"),),
    "dhi": (("tin", "ge"),),
    "na": (("na",),),
    "ta": (("na",),),
    "tin": (("tin",),),
    "ti": (("tin",),),
    "tu": (("tun",),),
    "te": (("te",),),
    "ge": (("ge",),),
    "ka": (("ke",),),
    "kat": (("ke", "te"),),
    "dhage": (("na", "ge"), ("ge",)),
    "tirakita": (("te",), ("te",), ("ke",), ("te",)),
    "-": ((),),
}
"""What the hands do at each bol: equal parts of its matra, each the sounds struck together. `na`, `tin`,
`tun` and `te` are of the right drum (a ringing edge, a softer ring, an open one, a damped one), `ge` and
`ke` of the left (an open bass that bends, a flat slap).
"""


@dataclass(frozen=True)
class Tala:
    """`theka`: one bol for each matra; `vibhags`: matras of each section, which add up to it; `empty`:
    where a section begins that is waved, not clapped (khali), counted in matras from 0.
    """

    name: str
    vibhags: tuple[int, ...]
    theka: tuple[str, ...]
    empty: tuple[int, ...]

    @property
    def matras(self) -> int:
        """Length of the cycle."""
        return len(self.theka)

    @property
    def starts(self) -> tuple[int, ...]:
        """The matra at which each section begins."""
        return tuple(sum(self.vibhags[:i]) for i in range(len(self.vibhags)))


def _tala(name: str, theka: str, *empty: int) -> Tala:
    sections = [part.split() for part in theka.split("|")]
    return Tala(name, tuple(map(len, sections)), tuple(bol for part in sections for bol in part), empty)


TALAS: dict[str, Tala] = {
    tala.name: tala
    for tala in (
        _tala("dadra", "dha dhi na | dha tu na", 3),
        _tala("rupak", "tin tin na | dhi na | dhi na", 0),
        _tala("keherwa", "dha ge na ti | na ka dhi na", 4),
        _tala("jhaptal", "dhi na | dhi dhi na | ti na | dhi dhi na", 5),
        _tala("ektal", "dhin dhin | dhage tirakita | tu na | kat ta | dhage tirakita | dhin na", 2, 6),
        _tala("deepchandi", "dha dhin - | dha dha tin - | ta tin - | dha dha dhin -", 7),
        _tala(
            "teental",
            "dha dhin dhin dha | dha dhin dhin dha | dha tin tin ta | ta dhin dhin dha",
            8,
        ),
    )
}
"""By name."""
