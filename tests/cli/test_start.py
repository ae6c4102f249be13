"""What the command begins with."""

import pytest

from sonica.cli.main import COMMANDS
from sonica.cli.start import DECODERS, decodes


def test_the_commands_that_decode_are_commands() -> None:
    assert set(COMMANDS) >= DECODERS


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["recognize", "clip.wav"], True),
        (["recognize", "--json", "clip.wav"], True),
        (["add", "music"], True),
        (["recognize", "--help"], False),
        (["songs", "list"], False),
        (["--version"], False),
        ([], False),
    ],
)
def test_a_decoder_is_begun_where_a_file_will_be_decoded(arguments: list[str], expected: bool) -> None:
    assert decodes(arguments) is expected


def test_completion_begins_no_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_SONICA_COMPLETE", "complete_bash")
    assert not decodes(["recognize"])
