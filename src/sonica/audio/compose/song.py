"""A song from a seed: key, tempo, scale, instruments, form, and all of it played."""

from dataclasses import dataclass, field

import numpy as np

from sonica.audio.compose.instruments import (
    BASS,
    LEADS,
    PLUCKS,
    RATE,
    Note,
    Samples,
    lead_line,
    mix_in,
    pluck,
    room,
    strokes,
    tanpura,
)
from sonica.audio.compose.melody import SCALES, Key, Motif, new_motif, resting, sung, varied
from sonica.audio.compose.names import Language, title

ARTISTS: dict[Language, tuple[str, ...]] = {
    "hi": ("Sonica Demo Ensemble", "Sonica Sangeet Mandali", "Sonica Shaam Trio"),
    "bho": ("Sonica Purvaiya Party", "Sonica Gaon Mandali", "Sonica Demo Ensemble"),
}
GENRES: dict[Language, tuple[str, ...]] = {
    "hi": ("Geet", "Ghazal", "Bhajan", "Filmi"),
    "bho": ("Purbi", "Kajari", "Chaita", "Birha"),
}

TALAS: dict[str, str] = {
    "keherwa": "na+ge . na ti . ti ge na",
    "dadra": "na+ge ti na ti ge na",
    "rupak": "ti ti na ge na ge na",
    "bhangra": "dhol . tak dhol dhol . tak .",
    "chaita": "na+ge . ti ge na ti na ge ti . na ti na ge",
    "tintal": "na+ge ge na ti na+ge ge na ti na ti tak ti na ge na ti",
    "chaal": "dhol tak . tak dhol . tak tak",
}
"""One bar of each cycle, a stroke (or two at once, or none) a half beat."""


@dataclass(frozen=True)
class Song:
    """A composed song. `samples`: float32 mono, shape (n,), within [-1, 1], at `rate` Hz."""

    title: str
    artist: str
    language: Language
    genre: str
    samples: Samples
    rate: int


@dataclass
class Plan:
    """What a seed decides before a note is played; `rng` decides the rest while playing."""

    rng: np.random.Generator
    key: Key = field(init=False)
    beat: float = field(init=False)
    tala: list[str] = field(init=False)
    lead: str = field(init=False)
    answer: str = field(init=False)
    opening: float = field(init=False)
    bars: int = field(init=False)

    def __post_init__(self) -> None:
        rng = self.rng
        tonic = float(132 * 2 ** ((rng.integers(0, 13) + rng.normal(0, 0.08)) / 12))
        self.beat = float(60 / rng.uniform(72, 138))
        self.key = Key(tonic, list(SCALES.values())[int(rng.integers(len(SCALES)))])
        self.tala = list(TALAS.values())[int(rng.integers(len(TALAS)))].split()
        self.lead = str(rng.choice(list(LEADS)))
        self.answer = str(rng.choice(list(PLUCKS)))
        self.opening = float(rng.uniform(2.5, 6.0))
        self.bars = max(6, round(float(rng.uniform(27, 50)) / self.bar))

    @property
    def bar(self) -> float:
        """Length of one cycle of the drums in seconds."""
        return len(self.tala) * self.beat / 2

    def start_of(self, bar: int) -> float:
        """When a bar begins, seconds; bar 0 comes after the opening."""
        return self.opening + bar * self.bar

    @property
    def seconds(self) -> float:
        """Length of the whole song: 30 to 60 s."""
        return float(np.clip(self.opening + self.bars * self.bar + 2.0, 30.0, 60.0))


def compose_song(seed: int) -> Song:
    """The song of this seed (0 or more). Takes about a quarter of a second on one core."""
    plan = Plan(np.random.default_rng(seed))
    language: Language = "hi" if seed % 2 == 0 else "bho"
    sung_notes, plucked = arrange(plan)
    rng, seconds = plan.rng, plan.seconds
    track = 0.42 * lead_line(LEADS[plan.lead], sung_notes, seconds, rng)
    play_plucked(track, plan, plucked)
    play_drone(track, plan)
    play_bass(track, plan)
    track = room(track, rng)
    play_drums(track, plan)
    return Song(
        title=title(language, seed // 2),
        artist=ARTISTS[language][int(rng.integers(len(ARTISTS[language])))],
        language=language,
        genre=GENRES[language][int(rng.integers(len(GENRES[language])))],
        samples=mastered(track),
        rate=RATE,
    )


def mastered(track: Samples) -> Samples:
    """The mix faded out at its end, limited, and at the loudness of all songs; `track` is spent."""
    fade = int(1.5 * RATE)
    track[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32) ** 2
    track = np.tanh(track * np.float32(0.9 / np.quantile(np.abs(track[::7]), 0.999)))
    return np.asarray(track * np.float32(0.95), np.float32)


def arrange(plan: Plan) -> tuple[list[Note], list[Note]]:
    """The notes of the lead and of the answering instrument.

    A free opening over the drone; then a refrain (A A' B), a verse an octave of degrees higher,
    played answers, the refrain again, each time varied.
    """
    rng, width = plan.rng, len(plan.tala)
    high = Key(2 * plan.key.tonic, plan.key.scale)
    refrain, bridge = new_motif(width, rng), new_motif(width, rng)
    verse = new_motif(width, rng)
    verse = Motif(verse.lengths, tuple(step + 3 for step in verse.steps))
    form = [refrain, varied(refrain, rng), bridge, resting(varied(refrain, rng), 0)]
    form += [verse, varied(verse, rng), bridge, resting(varied(refrain, rng), 0)]
    lead: list[Note] = []
    answer: list[Note] = []
    free = Motif((4, 3, 5, 6), tuple(int(step) for step in rng.integers(-2, 6, 4)))
    slow = plan.opening / (sum(free.lengths) / 2)
    lead += sung(resting(free, 0), plan.key, 0.3, slow * 0.9, rng)
    for bar in range(plan.bars):
        start = plan.start_of(bar)
        motif = varied(form[bar % len(form)], rng) if bar >= len(form) else form[bar]
        if bar % 8 in (2, 6) and rng.random() < 0.6:
            answer += sung(motif, high, start, plan.beat, rng)
        else:
            lead += sung(motif, plan.key, start, plan.beat, rng)
            if rng.random() < 0.4:
                answer += sung(varied(motif, rng), high, start, plan.beat, rng)
    return [note for note in sorted(lead) if note.start < plan.seconds], answer


def play_plucked(track: Samples, plan: Plan, notes: list[Note]) -> None:
    """Adds the notes of the answering instrument to the track, in place; so do the others below."""
    sounds: dict[float, Samples] = {}
    for note in notes:
        if note.pitch not in sounds:
            sounds[note.pitch] = pluck(PLUCKS[plan.answer], note.pitch, 0.9)
        mix_in(track, sounds[note.pitch], note.start, 0.2 * note.loudness)


def play_drone(track: Samples, plan: Plan) -> None:
    """Pa (or Ma, where the scale has no Pa), Sa, Sa and the low Sa, over and over."""
    fifth = 7 if 7 in plan.key.scale else 5
    pa, sa, low = (tanpura(plan.key.tonic * 2 ** (step / 12)) for step in (fifth - 12, 0, -12))
    strings = (pa, sa, sa, low)
    gap = float(plan.rng.uniform(0.7, 1.1))
    for i in range(int(plan.seconds / gap)):
        mix_in(track, strings[i % 4], i * gap + plan.rng.normal(0, 0.015), 0.09)


def play_bass(track: Samples, plan: Plan) -> None:
    """A low note on the first beat of the bar and on another that the song keeps to."""
    rng = plan.rng
    steps = [0, int(rng.integers(1, len(plan.key.scale))), int(rng.integers(2, len(plan.key.scale))), 0]
    deep = plan.key.tonic / 2
    while deep > 110:
        deep /= 2
    low = Key(deep, plan.key.scale)
    sounds = {step: pluck(BASS, low.pitch(step), 1.0) for step in sorted(set(steps))}
    second = int(rng.integers(2, len(plan.tala) - 1))
    for bar in range(plan.bars):
        start, step = plan.start_of(bar), steps[bar % 4]
        mix_in(track, sounds[step], start, 0.33)
        mix_in(track, sounds[step], start + second * plan.beat / 2, 0.22 * rng.uniform(0.6, 1))


def play_drums(track: Samples, plan: Plan) -> None:
    """The cycle of strokes, bar after bar, on a set of drums that the song has to itself."""
    rng = plan.rng
    kit = strokes(plan.key.tonic, rng)
    cymbals = rng.random() < 0.6
    for bar in range(plan.bars):
        start = plan.start_of(bar)
        for i, written in enumerate(plan.tala):
            when = start + i * plan.beat / 2 + rng.normal(0, 0.005)
            if cymbals and i % 2 == 1:
                mix_in(track, kit["jhanj"], when, 0.1 * rng.uniform(0.5, 1))
            # Where the cycle leaves room, now and then a soft stroke.
            stroke = "ti" if written == "." and rng.random() < 0.2 else written
            for name in stroke.split("+"):
                if name != ".":
                    mix_in(track, kit[name], when, 0.26 * rng.uniform(0.7, 1.0))
