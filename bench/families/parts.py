"""What all families are made of: a form with room for the longest queries, instrumentals, tunes over them."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from bench.families.model import Samples
from sonica.audio.compose.instruments import LEADS, RATE, Note, lead_line, mix_in, room
from sonica.audio.compose.melody import Key, new_motif, sung, varied
from sonica.audio.compose.song import TALAS, Plan, play_bass, play_drone, play_drums, play_plucked

LONGEST_S = 11.2
"""So much of every section can be asked for: ten seconds played 10 % faster, and a little."""
RINGING_S = 1.2
"""So long notes of the section before may ring, and the hall with them."""
BORDER_S = 1.0
"""So far from another section a shared one ends: the strongest peaks of about a second are kept, so what
comes next has its say in which of these remain.
"""


@dataclass
class Form(Plan):
    """A plan of `parts` equal parts, each long enough for a query; no opening."""

    parts: int = 3
    cycle: str | None = None
    """Name of the drums' cycle; None for the seed's own choice."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.cycle:
            self.tala = TALAS[self.cycle].split()
        self.opening = 0.0
        self.width = ceil((LONGEST_S + RINGING_S + BORDER_S) / self.bar)
        """Bars of a part."""
        self.bars = self.parts * self.width

    @property
    def seconds(self) -> float:
        """All parts, and time to ring."""
        return self.bars * self.bar + 2.0

    def inside(self, part: int) -> tuple[float, float]:
        """Seconds from and to which nothing of another part sounds."""
        return self.start_of(part * self.width) + RINGING_S, self.start_of((part + 1) * self.width) - BORDER_S


def instrumental(form: Form) -> Samples:
    """Plucked phrases, drone, bass and drums."""
    rng = form.rng
    motif = new_motif(len(form.tala), rng)
    notes: list[Note] = []
    high = Key(2 * form.key.tonic, form.key.scale)
    for bar in range(form.bars):
        if rng.random() < 0.7:
            notes += sung(varied(motif, rng), high, form.start_of(bar), form.beat, rng)
    track = np.zeros(int(form.seconds * RATE), np.float32)
    play_plucked(track, form, notes)
    play_drone(track, form)
    play_bass(track, form)
    track = room(track, rng)
    play_drums(track, form)
    return track


def tune(form: Form, key: Key, parts: tuple[int, ...], opening: float, rng: np.random.Generator) -> Samples:
    """A lead in the same beat that opens alone for `opening` seconds and then sounds in these parts."""
    instrument = LEADS[str(rng.choice(list(LEADS)))]
    motifs = [new_motif(len(form.tala), rng) for _ in range(2)]
    notes = sung(motifs[0], key, 0.2, 0.9 * opening / form.bar * form.beat, rng)
    for bar in range(form.bars):
        if bar // form.width in parts:
            motif = varied(motifs[bar // 2 % 2], rng)
            notes += sung(motif, key, opening + form.start_of(bar), form.beat, rng)
    return room(0.42 * lead_line(instrument, sorted(notes), opening + form.seconds, rng), rng)


def laid_over(tune: Samples, instrumental: Samples, opening: float) -> Samples:
    """Both, the instrumental from `opening` seconds on; as long as the tune."""
    track = tune.copy()
    mix_in(track, instrumental, opening, 1.0)
    return track
