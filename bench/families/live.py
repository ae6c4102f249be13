"""A studio recording and a concert: the same composition, and nothing of the same sound."""

from dataclasses import dataclass, field

import numpy as np

from bench.accuracy.degrade.noise import murmur
from bench.families.model import Recording, Samples, Section
from sonica.audio.compose import RATE
from sonica.audio.compose.instruments import LEADS, Note, lead_line, room
from sonica.audio.compose.melody import Key
from sonica.audio.compose.song import (
    Plan,
    arrange,
    mastered,
    play_bass,
    play_drone,
    play_drums,
    play_plucked,
)

CROWD_DB = 15.0
"""The music is so much louder than the crowd."""


@dataclass
class Concert(Plan):
    """A plan whose bars do not all last equally long."""

    starts: list[float] = field(default_factory=list)

    def start_of(self, bar: int) -> float:
        """When a bar begins, as the musicians drifted."""
        return self.starts[bar]

    def drift(self, rng: np.random.Generator) -> None:
        """Another tempo (3 to 8 % off) that wanders by ±2 % from bar to bar, another tuning (20 to 60
        cents off); what is decided while playing is decided by `rng`.
        """
        ratio = 1 + float(rng.choice((-1, 1))) * float(rng.uniform(0.03, 0.08))
        cents = float(rng.choice((-1, 1))) * float(rng.uniform(20, 60))
        self.rng = rng
        self.beat *= ratio
        self.opening *= ratio
        self.key = Key(self.key.tonic * 2 ** (cents / 1200), self.key.scale)
        lengths = self.bar * (1 + rng.uniform(-0.02, 0.02, self.bars))
        self.starts = [self.opening + float(s) for s in np.cumsum(np.concatenate([[0.0], lengths]))]


def live_version(number: int, seed: int) -> list[Recording]:
    """The two recordings. All of either is its own."""
    studio = Plan(np.random.default_rng([seed, 4, number]))
    notes, plucked = arrange(studio)
    rng = np.random.default_rng([seed, 5, number])
    concert = Concert(np.random.default_rng([seed, 4, number]))
    concert.drift(rng)
    names = f"studio-{number}", f"live-{number}"
    again = [_performed(part, studio, concert, rng) for part in (notes, plucked)]
    played = _play(studio, notes, plucked), _play(concert, *again)
    crowd = murmur(rng, len(played[1]))
    level = float(np.sqrt(np.mean(played[1] ** 2))) * 10 ** (-CROWD_DB / 20)
    sounds = played[0], (played[1] + level / 0.1 * crowd).astype(np.float32)
    return [
        Recording(name, "live version", sound, (Section(1.0, len(sound) / RATE - 2.0),), frozenset({other}))
        for name, other, sound in zip(names, reversed(names), sounds, strict=True)
    ]


def _performed(notes: list[Note], studio: Plan, concert: Concert, rng: np.random.Generator) -> list[Note]:
    """The same notes as they come in the concert."""
    before = [0.0, *(studio.start_of(bar) for bar in range(studio.bars + 1))]
    after = [0.0, *concert.starts]
    ratio, tuning = concert.beat / studio.beat, concert.key.tonic / studio.key.tonic
    return sorted(
        Note(
            max(0.0, float(np.interp(n.start, before, after)) + float(rng.normal(0, 0.012))),
            n.length * ratio * float(rng.uniform(0.85, 1.05)),
            n.pitch * tuning,
            n.loudness * float(rng.uniform(0.8, 1.1)),
        )
        for n in notes
    )


def _play(plan: Plan, notes: list[Note], plucked: list[Note]) -> Samples:
    notes = [n for n in notes if n.start < plan.seconds]
    track = 0.42 * lead_line(LEADS[plan.lead], notes, plan.seconds, plan.rng)
    play_plucked(track, plan, plucked)
    play_drone(track, plan)
    play_bass(track, plan)
    track = room(track, plan.rng)
    play_drums(track, plan)
    return mastered(track)
