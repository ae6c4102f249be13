"""Packs that the disk has changed: never a wrong answer, and mended without a hand."""

import shutil
from pathlib import Path

import pytest
from tests.conftest import CommandLine
from tests.service.client import FINGERPRINT, eventually, serving
from tests.service.conftest import seed
from tests.service.test_warm import spoil, told

from sonica import Recognizer
from sonica.catalogue import Catalogue, CatalogueError
from sonica.platform.postgres.place import Place

FLIPS = 300
"""Bits that are turned, one after the other, all over a pack."""


def test_a_bit_that_is_turned_makes_no_answer_wrong(
    stocked: CommandLine, fingerprint: bytes, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(stocked.home, home)
    (pack,) = (home / "packs").iterdir()
    whole, answers = pack.read_bytes(), []
    for number in range(FLIPS):
        place = number * len(whole) // FLIPS
        pack.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << number % 8)]) + whole[place + 1 :])
        try:
            answer = Recognizer(home).fingerprint(fingerprint)
        except CatalogueError as error:
            answers.append(error.code)
            continue
        answers.append(answer.error.code if answer.error else answer.status)
        assert answer.song is None or answer.song.id == 3, place
    assert answers.count("match") > FLIPS / 10  # by what the pack still has
    assert set(answers) <= {"match", "unsure", "none", "damaged"}  # an error names no song


def test_the_service_mends_it(reachable: Path, cluster: Place, music: Path, fingerprint: bytes) -> None:
    home = reachable / "home"
    seed(cluster, home)
    command = CommandLine(home, is_alone=True)
    assert command("add", music).status == 0
    for damage in (spoil, Path.unlink, lambda pack: pack.write_bytes(pack.read_bytes()[:100])):
        (pack,) = (home / "packs").glob("*.pack")
        damage(pack)
        assert command("verify").status == 1
        with serving(home) as service:
            eventually(lambda service=service: told(service, "packs mended"))
            answer = service.recognize(fingerprint, FINGERPRINT).json
            assert (answer["status"], answer["song"]["id"]) == ("match", 3)
            assert service.ask("GET", "/readyz").status == 200
        assert command("verify").status == 0


def test_what_has_no_fingerprint_either_is_left_for_a_hand(sonica: CommandLine, music: Path) -> None:
    assert sonica("add", music).status == 0
    (pack,) = (sonica.home / "packs").glob("*.pack")
    spoil(pack)
    Catalogue(sonica.home).mend()
    (pack,) = (sonica.home / "packs").glob("*.pack")
    assert Catalogue(sonica.home).mend() == 0  # all is well
    spoil(pack)
    before = pack.read_bytes()
    (sonica.home / "fingerprints" / "000" / "000000002.fp").unlink()
    with pytest.raises(CatalogueError, match="lost or damaged"):
        Catalogue(sonica.home).mend()
    assert pack.read_bytes() == before
    assert len(Catalogue(sonica.home)) == 6
