"""Two dozen songs in ragas and talas, composed and played by Sonica: the catalogue of its demo.

A piece is described (`pieces`), written out as a score by what ragas and talas ask for (`melody`, `phrasing`,
`rhythm`, `score`), and played on instruments made of sines, strings and noise (`voices`, `strings`, `drums`,
`mix`). The songs are ours, so anyone may keep, play and share them.
"""

from sonica.audio.compose.demo.pieces import PIECES, Piece
from sonica.audio.compose.demo.score import Score, write_score
from sonica.audio.compose.demo.songs import DemoSong, compose_demo_song

__all__ = ["PIECES", "DemoSong", "Piece", "Score", "compose_demo_song", "write_score"]
