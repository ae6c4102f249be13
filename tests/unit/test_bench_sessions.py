"""Sessions, sizes of the catalogue and operating points: on answers whose sums are worked out by hand."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from bench.accuracy.answers import Answer
from bench.accuracy.cache import Clip, FingerprintCache, Piece
from bench.accuracy.commands import app
from bench.accuracy.looks import clip_of, looks_of
from bench.accuracy.material import Wanted
from bench.accuracy.options import seconds, whole_numbers
from bench.accuracy.points import MATCH_AT, operating_points, write_points
from bench.accuracy.score import Judged, Kind, Outcome, Policy, judge
from bench.accuracy.sessions import listened, session_curve, session_rate, write_sessions
from bench.accuracy.sizes import ask_sizes, best_strangers, part_of, slope, write_sizes
from bench.accuracy.sound import RATE, write_wav
from bench.accuracy.system import Ask
from bench.accuracy.truth import BadTableError, Query, Relatives, query_name, read_truth, write_truth
from typer.testing import CliRunner

from sonica import _engine
from sonica.recognition import LOOKS
from sonica.recognition.operating_points import OperatingPoints

AT = (2.0, 4.0, 6.0)
Scores = Sequence[tuple[str, float]]
"""For each look: who is named first, and the score."""


def clip(song: str, degradation: str = "clean", *, known: bool = True) -> Query:
    return Query(
        query_name(song, 0, 6, degradation, known=known), song if known else "NONE", 0, 6, degradation
    )


def answers(query: Query, told: Scores, *, masked: bool = False) -> list[Answer]:
    looks = looks_of([query], AT)
    return [
        Answer(q.name, top1, score, score > 5, confidence=score / 10, masked=masked)
        for q, (top1, score) in zip(looks, told, strict=True)
    ]


def judged_of(clips: Sequence[tuple[Query, Scores]], masked: Sequence[tuple[Query, Scores]] = ()) -> Judged:
    queries = list({q.name: q for q, _ in (*clips, *masked)}.values())
    rows = [a for q, told in clips for a in answers(q, told)]
    rows += [a for q, told in masked for a in answers(q, told, masked=True)]
    return judge("s", looks_of(queries, AT), rows, Relatives([("x", "old-x")]), Policy())


@pytest.fixture
def judged() -> Judged:
    """Two known songs, one with a wrong name at first; three strangers, of whom one's relative is named."""
    early_and_wrong = [("b", 6.0), ("a", 9.0), ("a", 9.0)]
    return judged_of(
        [
            (clip("a", "snr0"), early_and_wrong),
            (clip("b"), [("b", 1.0), ("b", 7.0), ("c", 8.0)]),
            (clip("x", known=False), [("old-x", 9.0), ("a", 4.0), ("a", 2.0)]),
            (clip("y", "noiseonly", known=False), [("", float("-inf"))] * 3),
        ],
        [(clip("b"), [("a", 3.0), ("a", 5.5), ("a", 1.0)])],
    )


def test_a_look_is_a_query_of_what_was_heard_so_far() -> None:
    long = Query("a__e0__15s__clean.wav", "a", 3, 15, "clean", "rain")
    looks = looks_of([long])
    assert [q.length_s for q in looks] == list(LOOKS)
    assert looks[1].name == "a__e0__15s__clean.wav@2.5"
    assert {clip_of(q.name) for q in looks} == {clip_of(long.name)} == {long.name}
    assert {(q.song, q.track, q.start_s, q.info) for q in looks} == {("a", "a", 3, "rain")}
    assert [q.length_s for q in looks_of([clip("a")], (9, 1.5, 6))] == [1.5, 6]
    assert looks_of([clip("x@y", known=False)], (2,))[0].song == "x@y"
    with pytest.raises(BadTableError, match="ends before the first look"):
        looks_of([clip("a")], (7, 9))


def test_a_look_sounds_as_a_stream_does_at_that_moment(tmp_path: Path) -> None:
    sound = 0.2 * np.random.default_rng(1).standard_normal(6 * RATE).astype(np.float32)
    read: list[Path] = []

    def reader(path: Path) -> Clip:
        read.append(path)
        return sound, RATE

    path = tmp_path / "a.wav"
    path.write_bytes(b"sound")
    cache = FingerprintCache(tmp_path / "cache", "key")
    pieces = [Piece(path, s) for s in (1.5, 4.0)] + [Piece(path)]
    made = list(cache.fingerprints(pieces, reader, _engine.fingerprint_many))
    again = list(cache.fingerprints(pieces, reader, _engine.fingerprint_many))
    cache.close()
    stream = _engine.Fingerprinter(RATE)
    heard = []
    for start, end in ((0.0, 1.5), (1.5, 4.0), (4.0, 6.0)):
        stream.push(sound[round(start * RATE) : round(end * RATE)])
        heard.append(stream.snapshot())
    assert made == heard == again
    assert len(set(made)) == 3
    assert read == [path]


def test_a_session_ends_at_the_first_name(judged: Judged) -> None:
    heard = listened(judged, Policy())
    ends = {s.looks[0].query.song: s.end(heard.shipped) for s in heard.sessions if s.kind is Kind.KNOWN}
    assert ends == {"a": (Outcome.WRONG, 2.0), "b": (Outcome.RIGHT, 4.0)}
    assert (
        session_rate([s for s in heard.sessions if s.kind is Kind.KNOWN], heard.shipped, Outcome.RIGHT).hits
        == 1
    )


def test_a_stranger_is_judged_by_all_looks(judged: Judged) -> None:
    heard = listened(judged, Policy())
    of = {s.kind: s for s in heard.sessions}
    assert of[Kind.MASKED].end(heard.shipped) == (Outcome.FALSE, 4.0)
    assert of[Kind.UNKNOWN].end(heard.shipped) == (Outcome.RELATED, 2.0)
    # Whatever the relative's score: a look that names another song is a false accept.
    assert of[Kind.UNKNOWN].end(lambda look: look.answer.score > 3) == (Outcome.FALSE, 4.0)
    assert of[Kind.NOISE].end(lambda look: True) == (Outcome.QUIET, 0.0)
    assert [of[k].highest() for k in (Kind.MASKED, Kind.UNKNOWN, Kind.NOISE)] == [5.5, 4.0, float("-inf")]


def test_the_limit_is_for_whole_sessions(judged: Judged) -> None:
    strict = listened(judged, Policy())
    assert (strict.limit, strict.strangers) == (5.5, (3, 0))
    one = listened(judged, Policy(at_most=1))
    assert (one.limit, one.strangers) == (4.0, (3, 1))
    assert listened(judged, Policy(at_most=2)).limit == float("-inf")
    assert listened(judged, Policy(strangers=frozenset({Kind.NOISE}))).strangers == (1, 0)
    curve = session_curve(strict)
    assert curve[0] == (0.0, 0.5)  # above 5.5: a wrong name first, and a right one


def test_sessions_are_reported(judged: Judged, tmp_path: Path) -> None:
    tables = write_sessions(tmp_path, [judged], Policy())
    known, strangers, looks = tables
    assert [row[0] for row in known.rows if row] == ["snr0", "clean", "all"]
    assert known.rows[-1] is not None
    assert known.rows[-1][3:] == ["", "1 / 1", "", "", "4 / 4", "4 / 4"]
    assert [(row[0], row[1], row[4].split(" = ")[0]) for row in strangers.rows if row] == [
        ("unknown songs", "1", "0"),
        ("noise alone", "1", "0"),
        ("own song masked", "1", "1"),
        ("all", "3", "1"),
    ]
    assert [row[0] for row in looks.rows if row] == ["2 s", "4 s", "6 s"]
    told = json.loads((tmp_path / "sessions.json").read_text())[0]
    assert told["limit"] == 5.5
    assert told["all"]["shipped"]["seconds"] == [4.0]
    assert told["all"]["shipped"]["outcomes"]["wrong"] == 1
    assert "# Sessions" in (tmp_path / "sessions.md").read_text()
    assert "session</text>" in (tmp_path / "sessions.svg").read_text()


# --- operating points ------------------------------------------------------------------------------


def test_operating_points_are_what_the_product_reads(judged: Judged, tmp_path: Path) -> None:
    one = clip("a")
    rows = [
        Answer(one.name, "a", 1, True, confidence=0.9),
        Answer(one.name, "b", 1, False, confidence=0.4, masked=True),
    ]
    clips = judge("sonica", [one], rows, Relatives(), Policy())
    sessions = listened(judged, Policy()).sessions
    path = tmp_path / "points.json"
    write_points(path, {"date": "2026-01-02", "what": "two songs"}, clips, sessions)
    told = OperatingPoints.model_validate_json(path.read_text())
    assert (told.known, told.strangers, told.known_sessions, told.sessions) == (1, 1, 2, 3)
    assert [p.match_at for p in told.points] == list(MATCH_AT) == sorted(set(MATCH_AT))
    at = {p.match_at: p for p in told.points}
    counts = [(p.hits, p.wrong, p.false_accepts) for p in (at[0.4], at[0.45], at[0.9], at[0.92])]
    assert counts == [(1, 0, 1), (1, 0, 0), (1, 0, 0), (0, 0, 0)]
    whole = [(p.session_hits, p.session_wrong, p.session_false_accepts) for p in (at[0.2], at[0.5], at[0.85])]
    assert whole == [(1, 1, 2), (1, 1, 1), (1, 0, 0)]


def test_points_need_a_confidence(judged: Judged) -> None:
    silent = judge("other", [clip("a")], [Answer(clip("a").name, "a", 1, True)], Relatives(), Policy())
    with pytest.raises(BadTableError, match="other tells no confidence"):
        operating_points(silent, [])


# --- size of the catalogue ---------------------------------------------------------------------------

STEMS = tuple("abcdefgh")


class Library:
    """Hears a song's number in its samples; names it where it is indexed, else its first other song."""

    def __init__(self) -> None:
        self.songs: list[str] = []
        self.asked = 0

    def identity(self) -> str:
        return "library"

    def fingerprint_many(self, clips: Sequence[Clip]) -> list[bytes]:
        return [bytes([round(100 * float(np.abs(samples).max()))]) for samples, _ in clips]

    def index(self, songs: Sequence[tuple[str, bytes]]) -> None:
        self.songs = [stem for stem, _ in songs]

    def ask(self, questions: Sequence[Ask]) -> list[Answer]:
        self.asked += len(questions)
        rows = []
        for q in questions:
            there = [s for s in self.songs if s not in q.exclude]
            own = q.query[0]
            top1 = own if own in there else there[0]
            score = 9.0 if top1 == own else float(np.log2(1 + len(there)))
            rows.append(Answer(q.query, top1, score, top1 == own, confidence=score / 10, masked=q.masked))
        return rows


def library_set(folder: Path) -> Wanted:
    rows = []
    for number, stem in enumerate(STEMS, 1):
        write_wav(folder / "songs" / f"{stem}.wav", np.full(RATE // 10, number / 100))
        if stem in "abc":
            name = query_name(stem, 0, 3, "clean", known=True)
            write_wav(folder / "queries" / name, np.full(RATE // 10, number / 100))
            rows.append(Query(name, stem, 0, 3, "clean"))
    write_truth(folder / "queries", rows)
    return Wanted(folder / "queries", folder / "songs", Relatives([("a", "b")]))


def test_parts_of_the_catalogue_hold_the_song_and_lie_within_each_other() -> None:
    songs = [(stem, b"") for stem in STEMS]
    parts = {size: [stem for stem, _ in part_of(songs, "c", size)] for size in (2, 4, 8)}
    assert [len(p) for p in parts.values()] == [2, 4, 8]
    assert "c" in parts[2]
    assert set(parts[2]) < set(parts[4]) < set(parts[8]) == set(STEMS)
    assert parts[8] == list(STEMS)
    assert len({tuple(part_of(songs, stem, 3)) for stem in "abcdefgh"}) > 4
    assert len(part_of(songs, "stranger", 3)) == 3


def test_sizes_are_asked_once_and_fitted(tmp_path: Path) -> None:
    wanted, library, out = library_set(tmp_path), Library(), tmp_path / "out"
    ask_sizes(library, wanted, (2, 4, 8), out)
    assert library.asked == 3 * 6
    again = Library()
    ask_sizes(again, wanted, (2, 4, 8), out)
    assert again.asked == 0
    table = write_sizes(out, wanted.queries, wanted.relatives, (2, 4, 8), Policy())
    shown = {row[0]: row for row in table.rows if row}
    assert shown["3 s, 2"][1:4] == ["3", "100 (44–100)", "0"]
    # Of the whole catalogue a and b lack each other too: 6, 6 and 7 songs are left.
    assert shown["3 s, 8"][6] == f"{(2 * np.log2(7) + np.log2(8)) / 3:.2f}"
    assert float(shown["3 s, each doubling"][6]) > 0.5
    numbers = json.loads((out / "sizes.json").read_text())
    assert [(n["size"], n["best_strangers"]["n"]) for n in numbers] == [(2, 3), (4, 3), (8, 3)]
    with pytest.raises(BadTableError, match="from 2 to 8"):
        ask_sizes(library, wanted, (9,), out)


def test_best_strangers_and_slopes() -> None:
    queries = [clip(f"s{i}", known=False) for i in range(1000)]
    rows = [Answer(q.name, "a" if i else "", float(i), False) for i, q in enumerate(queries)]
    best = best_strangers(judge("s", queries, rows, Relatives(), Policy()).asked)
    assert best is not None
    assert (best.n, best.found, best.mean, best.middle) == (1000, 999, 500, 499)
    assert (best.high, best.highest) == (989, 998)
    assert best_strangers([]) is None
    assert slope({25: 1.0, 50: 1.5, 100: 2.0}) == pytest.approx(0.5)
    assert slope({25: 1.0}) is None


# --- the commands ------------------------------------------------------------------------------------


def test_numbers_with_commas() -> None:
    assert seconds("15,1.5") == (1.5, 15)
    assert whole_numbers("--lengths", "10, 5", 15) == (10, 5)
    for text in ("", "a", "0", "-1", "2,2", "inf", "nan"):
        with pytest.raises(BadTableError, match="--looks"):
            seconds(text)
    for text in ("", "1.5", "16", "0"):
        with pytest.raises(BadTableError, match="--lengths"):
            whole_numbers("--lengths", text, 15)


def test_the_commands_from_clips_to_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sonica itself on two seconds of two songs: sessions, sizes and points are written and can be read."""
    monkeypatch.delenv("SONICA_EVAL_DATA", raising=False)
    rng = np.random.default_rng(3)
    rows = []
    for stem in ("anar", "bela"):
        notes = 220 * 2 ** (rng.integers(0, 36, 32) / 12)
        time = np.arange(8 * RATE) / RATE
        sound = 0.3 * np.sin(2 * np.pi * notes[(time * 4).astype(int)] * time)
        write_wav(tmp_path / "songs" / f"{stem}.wav", sound)
        name = query_name(stem, 0, 5, "clean", known=True)
        write_wav(tmp_path / "queries" / name, sound[RATE : 6 * RATE])
        rows.append(Query(name, stem, 1, 5, "clean"))
    write_truth(tmp_path / "queries", rows)
    assert len(read_truth(tmp_path / "queries")) == 2

    def call(*arguments: object) -> str:
        told = CliRunner().invoke(app, list(map(str, arguments)))
        assert told.exit_code == 0, told.output
        return told.output

    common = ("--queries", tmp_path / "queries", "--songs", tmp_path / "songs")
    call("run", *common, "--out", tmp_path / "a")
    assert "sessions of known songs" in call("sessions", *common, "--out", tmp_path / "s", "--looks", "2.5,5")
    assert "each doubling" in call("sizes", *common, "--out", tmp_path / "z", "--sizes", "2")
    points = tmp_path / "points.json"
    asked = ("--queries", tmp_path / "queries", "--answers", tmp_path / "a", "--looks", "2.5,5")
    whole = ("--session-queries", tmp_path / "queries", "--session-answers", tmp_path / "s")
    call("points", *asked, *whole, "--what", "two tunes", "--out", points)
    told = OperatingPoints.model_validate_json(points.read_text())
    assert (told.known, told.known_sessions, told.what) == (2, 2, "two tunes")
    related = tmp_path / "related.csv"
    related.write_text("a,b\nanar,bela\n")
    call("run", *common, "--out", tmp_path / "r", "--related", related)
    masked = (tmp_path / "r" / "masked.csv").read_text()
    assert masked.count("anar") + masked.count("bela") == 2  # nobody is left that could be named
