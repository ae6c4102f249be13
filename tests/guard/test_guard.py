"""What the engine answered yesterday it answers today: fixed queries, held against the committed baseline."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from bench.accuracy.answers import Answer
from bench.accuracy.system import Sonica
from bench.guard.baseline import ADVICE, Answered, ask, compared, counted, read_baseline, write_baseline
from bench.guard.questions import KNOWN, MASKED, SONGS, Question, songs

Asked = tuple[list[Question], list[Answer]]


@pytest.fixture(scope="module")
def asked() -> Asked:
    """All questions and the engine's answers."""
    return ask(Sonica(), songs())


def test_nothing_is_lost_and_nobody_new_is_named(asked: Asked) -> None:
    verdict = compared(read_baseline(), counted(*asked))
    assert verdict.ok, f"{verdict.text()}\n{ADVICE}"


def test_the_baseline_says_something(asked: Asked) -> None:
    wanted, _ = asked
    before = read_baseline()
    assert sum(q.masked for q in wanted) == len(MASKED) * SONGS >= 100
    assert len({q.name for q in wanted}) == len(wanted) == sum(before.asked.values()) + len(MASKED) * SONGS
    assert before.asked == {f"{name}, {seconds} s": SONGS for name, seconds in KNOWN}
    for what, hits in before.hits.items():
        # Where all is answered, a loss shows late; where nothing is, there is nothing to lose.
        assert 0.5 * SONGS <= len(hits) < SONGS, f"{what}: choose another degradation in bench/guard"


def at_confidence(answers: Sequence[Answer], match_at: float) -> list[Answer]:
    return [replace(a, matched=a.confidence >= match_at, ambiguous=False) for a in answers]


def test_a_more_timid_engine_fails(asked: Asked) -> None:
    wanted, answers = asked
    verdict = compared(read_baseline(), counted(wanted, at_confidence(answers, 0.9999)))
    assert not verdict.ok
    assert len(verdict.lost) > 5
    assert verdict.lost[0] in verdict.text()


def test_a_bolder_engine_fails(asked: Asked) -> None:
    wanted, answers = asked
    verdict = compared(read_baseline(), counted(wanted, at_confidence(answers, 0.0)))
    assert not verdict.ok
    assert any("masked" in name for name in verdict.new_false)


# --- the rule, on answers that are made up -----------------------------------------------------------

SILENCE = np.zeros(1, np.float32)
MADE_UP = [Question(n, what, SILENCE, masked=False) for what in ("loud", "soft") for n in range(10)]
MADE_UP += [Question(n, "clean", SILENCE, masked=True) for n in range(10)]


def made_up(*, lost: int = 0, wrong: int = 0, false: int = 0, won: int = 0) -> Answered:
    """Loud songs are answered rightly but for so many; of soft ones the first is; nobody masked is named."""

    def answer(question: Question) -> Answer:
        song, named = question.song, f"song {question.song}"
        matched = question.what == "soft" and song < 1 + won
        if question.what == "loud":
            matched = song >= lost
            named = "song 99" if song >= 10 - wrong else named
        if question.masked:
            matched, named = song < false, "song 99"
        return Answer(question.name, named, 1.0, matched)

    return counted(MADE_UP, [answer(q) for q in MADE_UP])


def test_four_lost_hits_pass_and_five_do_not() -> None:
    before = made_up()
    assert before.asked == {"loud": 10, "soft": 10}
    assert {what: list(hits) for what, hits in before.hits.items()} == {"loud": list(range(10)), "soft": [0]}
    assert compared(before, before).ok
    assert compared(before, made_up(lost=4)).ok
    five = compared(before, made_up(lost=5, won=9))
    assert not five.ok
    assert (len(five.lost), len(five.won)) == (5, 9)
    assert "  lost: song 4, loud" in five.text()


@pytest.mark.parametrize("worse", [{"false": 1}, {"wrong": 1}])
def test_one_new_false_accept_fails_also_a_wrong_name(worse: dict[str, int]) -> None:
    verdict = compared(made_up(), made_up(**worse))
    assert not verdict.ok
    assert len(verdict.new_false) == 1
    assert compared(made_up(**worse), made_up(**worse)).ok


def test_who_names_two_songs_has_not_hit() -> None:
    both = Answer("q", "song 2", 1.0, True, ambiguous=True, shared="song 1")
    told = counted([Question(1, "loud", SILENCE, masked=False)], [both])
    assert (list(told.hits["loud"]), told.false) == ([], [])


def test_a_baseline_survives_its_file(tmp_path: Path) -> None:
    told = made_up(false=2)
    write_baseline(told, tmp_path / "baseline.json")
    again = read_baseline(tmp_path / "baseline.json")
    assert compared(told, again) == compared(told, told)
    assert (again.asked, again.false) == (told.asked, told.false)
