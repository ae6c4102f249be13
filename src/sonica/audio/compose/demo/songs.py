"""The pieces played: each instrument on its own track, and all of them in a room."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sonica.audio.compose.demo.drums import drum_set
from sonica.audio.compose.demo.mix import Mix
from sonica.audio.compose.demo.phrasing import Tone
from sonica.audio.compose.demo.pieces import PIECES, Piece
from sonica.audio.compose.demo.score import Score, write_score
from sonica.audio.compose.demo.strings import STRINGS, play_string
from sonica.audio.compose.demo.voices import VOICES, play_voice
from sonica.audio.compose.instruments import RATE, Samples, mix_in, tanpura

GAINS: dict[str, float] = {
    "bansuri": 0.62, "harmonium": 0.4, "shehnai": 0.44, "sarangi": 0.5, "voice": 0.42, "clarinet": 0.5,
    "sitar": 0.5, "sarod": 0.55, "santoor": 0.5, "mandolin": 0.5, "guitar": 0.5,
}  # fmt: skip
"""What makes instruments about equally loud."""
DRUM_GAINS: dict[str, float] = {
    "na": 0.55, "tin": 0.46, "tun": 0.45, "te": 0.4, "ge": 0.46, "ke": 0.34, "manjira": 0.06, "closed": 0.05,
}  # fmt: skip
SIDES: dict[str, float] = {"ge": -0.25, "ke": -0.25, "manjira": 0.5, "closed": 0.5}
"""Where drums are heard, from -1 (left) to 1 (right); those not named a little to the right."""


@dataclass(frozen=True)
class DemoSong:
    """A composed song. `samples`: float32 stereo, shape (n, 2), within [-1, 1], at `rate` Hz."""

    piece: Piece
    samples: Samples
    rate: int


def compose_demo_song(number: int) -> DemoSong:
    """The song of this number (from 0, below `len(PIECES)`), the same samples each time on one machine.

    Takes a second or two on one core. Raises IndexError for a number that no piece has.
    """
    if not 0 <= number < len(PIECES):
        raise IndexError(f"there are pieces 0 to {len(PIECES) - 1}, none {number}")
    piece = PIECES[number]
    score = write_score(piece)
    rng = np.random.default_rng((7_2027, number))
    mix = Mix(score.seconds)
    play = _Player(score, rng)
    mix.add(play.tones(piece.lead, score.lead), GAINS[piece.lead], side=-0.08, send=0.27)
    mix.add(play.tones(piece.second, score.second), 0.8 * GAINS[piece.second], side=0.38, send=0.27)
    if score.shadow:
        mix.add(play.tones("harmonium", score.shadow), 0.4 * GAINS["harmonium"], side=-0.42, send=0.22)
    if score.bass:
        mix.add(play.tones("bass", score.bass), 0.4, send=0.05)
    mix.add(play.tones("swarmandal", score.harp), 0.12, side=0.55, send=0.45)
    for side, track in zip((-0.5, 0.5), play.drone(), strict=True):
        mix.add(track, 0.2, side=side, send=0.25)
    for side, track in play.drums():
        mix.add(track, 1.2, side=side, send=0.15)
    return DemoSong(piece, mix.finished(rng), RATE)


class _Player:
    """Plays the parts of one score."""

    def __init__(self, score: Score, rng: np.random.Generator) -> None:
        self.score, self.rng = score, rng
        self.sa, self.seconds = score.piece.sa, score.seconds

    def tones(self, name: str, tones: Sequence[Tone]) -> Samples:
        """Notes on an instrument, by its name."""
        if name in VOICES:
            return play_voice(VOICES[name], tones, self.sa, self.seconds, self.rng)
        return play_string(STRINGS[name], tones, self.sa, self.seconds, self.rng)

    def drone(self) -> tuple[Samples, Samples]:
        """The tanpura's strings, in turn to the left and to the right: Pa or Ma, Sa, Sa, the lower Sa."""
        deep = self.sa if self.sa < 190 else self.sa / 2
        fifth = self.score.raga.drone
        pitches = (deep * (1.5 if fifth == 7 else 4 / 3) / 2, deep, deep, deep / 2)
        strings = [tanpura(pitch, 4.0) for pitch in pitches]
        tracks = (
            np.zeros(int(self.seconds * RATE), np.float32),
            np.zeros(int(self.seconds * RATE), np.float32),
        )
        gap, now, i = float(self.rng.uniform(0.85, 1.15)), 0.05, 0
        while now < self.seconds:
            mix_in(tracks[i % 2], strings[i % 4], now, float(self.rng.uniform(0.8, 1)))
            # A pause after the low string, as players leave.
            now += gap * (1.35 if i % 4 == 3 else 1.0) + float(self.rng.normal(0, 0.02))
            i += 1
        return tracks

    def drums(self) -> list[tuple[float, Samples]]:
        """A track for each side that drums are heard from."""
        sounds = drum_set(self.score.piece.kit, self.sa, self.rng)
        tracks: dict[float, Samples] = {}
        for hit in self.score.hits:
            side = SIDES.get(hit.sound, 0.15)
            if side not in tracks:
                tracks[side] = np.zeros(int(self.seconds * RATE), np.float32)
            mix_in(tracks[side], sounds[hit.sound], hit.start, DRUM_GAINS[hit.sound] * hit.loudness)
        return list(tracks.items())
