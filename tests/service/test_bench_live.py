"""The bench of live listenings, on as little as shows that it measures what it says."""

import asyncio
from pathlib import Path

from bench.accuracy.progress import silent
from bench.live.__main__ import _figures
from bench.live.listeners import frames_of, listen
from bench.load.setup import catalogue, serving
from tests.service.conftest import seed

from sonica import _engine
from sonica.platform.postgres.place import Place


def test_it_tells_what_listeners_got(reachable: Path, cluster: Place) -> None:
    home = reachable / "home"
    seed(cluster, home)
    catalogue(home, 2, 1, silent)
    known, unknown = frames_of(0), frames_of(9)
    with serving(home, reachable / "log") as service:
        url = "ws://{}:{}/v1/listen".format(*service.address)
        told = asyncio.run(listen(url, [known], hearing=2, idle=2, seconds=1.0))
        cut = asyncio.run(listen(url, [[*unknown[:2], b"nonsense"]], hearing=1, idle=0, seconds=0.5))
    lost = asyncio.run(listen(url, [known], hearing=1, idle=1, seconds=0.1))
    assert (told.failed, told.open, told.ends["match"]) == (0, 2, len(told.heard_s))
    assert len(told.looks_ms) >= 2
    figures = _figures(told)
    assert figures["look_p99_ms"] >= figures["look_p50_ms"] > 0
    assert 1.5 <= figures["heard_p50_s"] <= 15
    assert cut.ends.keys() == {"problem"}
    assert cut.failed >= 1
    assert (lost.open, lost.looks_ms, _figures(lost)["look_p99_ms"]) == (0, [], 0.0)
    assert lost.failed > 1


def test_frames_are_those_of_a_whole_listening() -> None:
    together = _engine.FrameAssembler()
    frames = frames_of(0)
    for frame in frames:
        together.push(frame)
    assert (len(frames), together.ended, round(together.duration_s, 1)) == (30, True, 15.0)
