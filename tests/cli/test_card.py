"""How answers look: every status, every change, every width of letters."""

import pytest
from rich.console import Console
from rich.text import Text

from sonica.cli.card import CERTAINTY, card, certainty, describe_change
from sonica.cli.console import counted, minutes, plain
from sonica.recognition import Answer, Candidate, SongRef

SONG = SongRef(
    id=1,
    recording_id=1,
    title="गँउवा के बयार (Ganwa ke Bayaar)",
    artist="मंडली",
    language="bho",
    path="music/ganwa.flac",
    duration_s=200.0,
)
OTHER = Candidate(
    song=SONG.model_copy(update={"title": "Other", "artist": "", "duration_s": None}),
    offset_s=61,
    speed=1.1,
    pitch_semitones=1.65,
    confidence=0.4,
)
MATCH = Answer(
    file="clip.wav", status="match", song=SONG, offset_s=50, speed=1.0, pitch_semitones=0.02, confidence=0.97
)


def lines(answer: Answer) -> list[str]:
    return card(answer, 12).plain.splitlines()


def test_a_match() -> None:
    assert lines(MATCH) == [
        " clip.wav",
        "",
        " ♪  गँउवा के बयार (Ganwa ke Bayaar)",
        "    मंडली · Bhojpuri",
        "",
        "    place      0:50  ━━━━━━━━━━●─────────────────────────────  3:20",
        "    certainty  ███████████████████░  97%, almost certain",
        "    file       music/ganwa.flac",
    ]


def test_a_file_that_is_not_told_has_no_line() -> None:
    told = MATCH.model_copy(update={"song": SONG.model_copy(update={"path": ""})})
    assert lines(told) == lines(MATCH)[:-1]


def test_what_was_changed_is_said() -> None:
    slowed = MATCH.model_copy(update={"speed": 0.85, "pitch_semitones": -2.81})
    assert "    played     slowed 0.85×, −2.8 semitones" in lines(slowed)


@pytest.mark.parametrize(
    ("speed", "semitones", "said"),
    [
        (1.0, 0.0, ""),
        (1.004, 0.07, ""),
        (0.9, 0.0, "slowed 0.90×, at its own pitch"),
        (1.25, 3.86, "sped up 1.25×, +3.9 semitones"),
        (1.0, -1.0, "−1.0 semitones"),
    ],
)
def test_changes(speed: float, semitones: float, said: str) -> None:
    assert describe_change(speed, semitones) == said


@pytest.mark.parametrize("offset", [-0.4, 0, 199.9, 200, 1e6])
def test_the_place_stays_on_the_line(offset: float) -> None:
    line = next(line for line in lines(MATCH.model_copy(update={"offset_s": offset})) if "place" in line)
    assert sum(line.count(char) for char in "━●─") == 40
    assert line.count("●") == 1


def test_others_that_share_the_sound_are_named() -> None:
    text = "\n".join(lines(MATCH.model_copy(update={"ambiguous": True, "alternatives": (OTHER,)})))
    assert "The same sound is also in:" in text
    assert "• Other  (at 1:01, sped up 1.10×, +1.6 semitones, 40%, possible)" in text


def test_unsure_names_candidates_and_no_song() -> None:
    text = "\n".join(lines(Answer(file="a", status="unsure", confidence=0.4, alternatives=(OTHER,))))
    assert "Not sure" in text
    assert "• Other" in text
    assert "♪" not in text


def test_none_says_how_many_are_known() -> None:
    answer = Answer(file="a", status="none")
    assert "none of the 12 recordings" in card(answer, 12).plain
    assert "knows no songs yet" in card(answer, 0).plain


def test_nothing_is_said_by_colour_alone() -> None:
    for answer in (MATCH, Answer(file="a", status="none"), Answer(file="a", status="unsure", confidence=0.4)):
        console = Console(no_color=True, width=80, force_terminal=False)
        with console.capture() as capture:
            console.print(card(answer, 1), soft_wrap=True)
        assert capture.get().rstrip("\n") == card(answer, 1).plain.rstrip("\n")


def test_certainty_is_in_words_and_never_complete() -> None:
    assert certainty(1.0) == "over 99%, certain"
    assert certainty(0.0) == "0%, doubtful"
    assert [least for least, _ in CERTAINTY] == sorted((least for least, _ in CERTAINTY), reverse=True)


def test_small_words() -> None:
    assert [minutes(s) for s in (-1, 0, 59.4, 59.6, 3600)] == ["0:00", "0:00", "0:59", "1:00", "60:00"]
    assert [counted(n, "song") for n in (0, 1, 12_000)] == ["0 songs", "1 song", "12,000 songs"]
    assert plain("a\x1b[31m\nb") == "a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}b"
    assert isinstance(card(MATCH, 1), Text)
