"""The accuracy bench asks every query once, and knows what it has already asked."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from bench.accuracy.answers import Answer, read_answers, was_thinned
from bench.accuracy.cache import Clip
from bench.accuracy.material import Wanted
from bench.accuracy.run import run as ask_all
from bench.accuracy.sound import RATE, write_wav
from bench.accuracy.system import Ask
from bench.accuracy.truth import BadTableError, Query, Relatives, query_name, write_truth

SONGS = ("anar", "bela", "champa")


class Listener:
    """Knows a song by its exact bytes; counts what it is asked to do."""

    def __init__(self, name: str = "first") -> None:
        self.name = name
        self.heard = 0
        self.asked: list[Ask] = []
        self.songs: dict[bytes, str] = {}
        self.stop_after: int | None = None

    def identity(self) -> str:
        return self.name

    def fingerprint_many(self, clips: Sequence[Clip]) -> list[bytes]:
        self.heard += len(clips)
        return [hashlib.sha256(samples.tobytes()).digest() for samples, _ in clips]

    def index(self, songs: Sequence[tuple[str, bytes]]) -> None:
        self.songs = {fingerprint: stem for stem, fingerprint in songs}

    def ask(self, questions: Sequence[Ask]) -> list[Answer]:
        if self.stop_after is not None and len(self.asked) >= self.stop_after:
            raise KeyboardInterrupt
        self.asked += questions
        return [self.answer(q) for q in questions]

    def answer(self, question: Ask) -> Answer:
        name = self.songs.get(question.fingerprint, "")
        name = "" if name in question.exclude else name
        return Answer(question.query, name, 1.0, bool(name), masked=question.masked)


def run(
    listener: Listener,
    queries: Path,
    songs: Path,
    out: Path,
    *,
    relatives: Relatives | None = None,
    every: int = 1,
    looks: Sequence[float] = (),
    chunk: int = 128,
) -> None:
    ask_all(listener, Wanted(queries, songs, relatives or Relatives(), every, looks), out, chunk=chunk)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Queries, songs, answers: each song is asked as it is, and one song is unknown."""
    queries, songs = tmp_path / "queries", tmp_path / "songs"
    rows = []
    for seed, stem in enumerate((*SONGS, "stranger")):
        sound = 0.2 * np.random.default_rng(seed).standard_normal(RATE // 4)
        known = stem in SONGS
        name = query_name(stem, 0, 3, "clean", known=known)
        write_wav(queries / name, sound)
        if known:
            write_wav(songs / f"{stem}.wav", sound)
        rows.append(Query(name, stem if known else "NONE", 1.5, 3, "clean"))
    write_truth(queries, rows)
    return queries, songs, tmp_path / "out"


def test_answers_plain_and_masked(folders: tuple[Path, Path, Path]) -> None:
    queries, songs, out = folders
    listener = Listener()
    run(listener, queries, songs, out, relatives=Relatives([("anar", "bela")]))
    answers = read_answers(out)
    plain = {a.query.split("__")[0]: a.top1 for a in answers if not a.masked}
    assert plain == {"anar": "anar", "bela": "bela", "champa": "champa", "NEG-stranger": ""}
    assert [a.top1 for a in answers if a.masked] == ["", "", ""]
    excluded = {q.query.split("__")[0]: q.exclude for q in listener.asked if q.masked}
    assert excluded == {"anar": {"anar", "bela"}, "bela": {"anar", "bela"}, "champa": {"champa"}}


def test_nothing_is_asked_or_heard_twice(folders: tuple[Path, Path, Path]) -> None:
    queries, songs, out = folders
    run(Listener(), queries, songs, out)
    again = Listener()
    run(again, queries, songs, out)
    assert again.asked == []
    assert again.heard == 2  # the probes that name the front end


def test_another_engine_answers_anew_from_the_same_fingerprints(folders: tuple[Path, Path, Path]) -> None:
    queries, songs, out = folders
    run(Listener(), queries, songs, out)
    other = Listener("second")
    run(other, queries, songs, out)
    assert len(other.asked) == 7
    assert other.heard == 2


def test_other_relatives_are_masked_anew(folders: tuple[Path, Path, Path]) -> None:
    queries, songs, out = folders
    run(Listener(), queries, songs, out, relatives=Relatives([("anar", "bela")]))
    again = Listener()
    run(again, queries, songs, out, relatives=Relatives([("anar", "champa")]))
    assert len(again.asked) == 3
    assert all(q.masked for q in again.asked)
    assert {q.query[:4]: q.exclude for q in again.asked}["anar"] == {"anar", "champa"}
    assert len(read_answers(out)) == 7


def test_a_thinned_run_says_so(folders: tuple[Path, Path, Path]) -> None:
    queries, songs, out = folders
    run(Listener(), queries, songs, out, every=2)
    assert was_thinned(out)
    assert was_thinned(out / "answers.csv")
    run(Listener(), queries, songs, out)
    assert not was_thinned(out)
    assert not was_thinned(queries)


def test_interrupted_run_goes_on(folders: tuple[Path, Path, Path]) -> None:
    queries, songs, out = folders
    first = Listener()
    first.stop_after = 2
    with pytest.raises(KeyboardInterrupt):
        run(first, queries, songs, out, chunk=1)
    table = out / "answers.csv"
    table.write_text(table.read_text() + "bela__e0__03s__clean.wav,be")  # a row that was cut off
    second = Listener()
    run(second, queries, songs, out)
    assert len(first.asked) == 2
    assert len(second.asked) == 5
    assert sorted(a.query for a in read_answers(table)) == sorted(p.name for p in queries.glob("*.wav"))


def test_changed_query_is_heard_and_asked_again(folders: tuple[Path, Path, Path]) -> None:
    queries, songs, out = folders
    run(Listener(), queries, songs, out)
    write_wav(next(queries.glob("bela*")), 0.1 * np.random.default_rng(9).standard_normal(RATE // 2))
    again = Listener()
    run(again, queries, songs, out)
    assert again.heard == 3
    assert {a.query.split("__")[0]: a.top1 for a in read_answers(out / "answers.csv")}["bela"] == ""


def test_says_which_songs_are_missing(folders: tuple[Path, Path, Path]) -> None:
    queries, songs, out = folders
    (songs / "bela.wav").unlink()
    with pytest.raises(BadTableError, match=r"1 songs of the query set .*bela.*give the folder"):
        run(Listener(), queries, songs, out)
