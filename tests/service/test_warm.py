"""Packs are read once in the background when the service starts."""

from contextlib import suppress
from pathlib import Path

from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, Service, eventually, serving
from tests.service.conftest import seed

from sonica import _engine
from sonica.platform.postgres.place import Place


def told(service: Service, event: str) -> list[dict[str, object]]:
    return [line for line in service.log if line["event"] == event]


def spoil(pack: Path) -> None:
    """Turns a bit of what opening does not read."""
    whole = pack.read_bytes()
    for place in range(len(whole) - 1, 0, -len(whole) // 20):
        pack.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with suppress(_engine.EngineError):
            _engine.Pack.open(pack)
            return
    raise AssertionError


def test_it_says_when_it_is_warm_and_what_is_damaged(
    reachable: Path, cluster: Place, music: Path, fingerprint: bytes
) -> None:
    home = reachable / "home"
    seed(cluster, home)
    assert CommandLine(home, is_alone=True)("add", music).status == 0
    (pack,) = (home / "packs").iterdir()
    with serving(home) as service:
        eventually(lambda: told(service, "catalogue warm"))
        (warm,) = told(service, "catalogue warm")
        sections = _engine.Pack.open(pack).section_bytes()
        assert (warm["packs"], warm["damaged"], warm["bytes"]) == (1, 0, sum(sections.values()))
        assert "sonica_catalogue_warm 1.0" in service.ask("GET", "/metrics").body.decode()
    spoil(pack)
    with serving(home) as service:
        eventually(lambda: told(service, "catalogue warm"))
        (damage,) = told(service, "a pack is damaged")
        assert (damage["level"], damage["code"]) == ("warning", "checksum")
        assert told(service, "catalogue warm")[0]["damaged"] == 1
        assert service.recognize(fingerprint, FINGERPRINT).json["status"] in {"match", "none", "unsure"}


def test_without_songs_there_is_nothing_to_warm(reachable: Path, cluster: Place) -> None:
    home = reachable / "home"
    seed(cluster, home)
    with serving(home, "--workers", "2") as service:
        eventually(lambda: len(told(service, "catalogue warm")) == 2)
        assert {warm["packs"] for warm in told(service, "catalogue warm")} == {0}
