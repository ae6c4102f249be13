"""Songs that Sonica makes up: something to hear, index and recognise where there is no music.

Everything follows from a seed: `compose_song(7)` is the same song on every machine. The songs are
ours, so anyone may keep, play and share them.
"""

from sonica.audio.compose.instruments import RATE
from sonica.audio.compose.song import Song, compose_song

__all__ = ["RATE", "Song", "compose_song"]
