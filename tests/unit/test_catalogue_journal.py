"""The journal: what is written is read, whatever a crash did to its end."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sonica.catalogue import About, CatalogueError, Link, Recording, Song
from sonica.catalogue.journal import append_commits, encode, read_journal
from sonica.catalogue.schemas import Commit

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ids = st.integers(1, 2**40)
song = st.builds(Song, id=ids, title=text, artist=text, language=text, album=text, genre=text)
about = st.none() | st.builds(About, title=text, year=st.integers(0, 3000))
recording = st.builds(
    Recording,
    id=ids,
    song_id=ids,
    path=text,
    location=text,
    content=text,
    duration_s=st.floats(0, 1e6),
    size=st.integers(0, 2**50),
    about=about,
)
link = st.builds(Link, recordings=st.tuples(ids, ids), kind=st.sampled_from(["same", "related", "different"]))
commit = st.builds(
    Commit,
    pack=st.none() | text,
    replaces=st.lists(text, max_size=3).map(tuple),
    songs=st.lists(song, max_size=3).map(tuple),
    recordings=st.lists(recording, max_size=3).map(tuple),
    retired=st.lists(ids, max_size=3).map(tuple),
    dropped=st.lists(ids, max_size=3).map(tuple),
    links=st.lists(link, max_size=3).map(tuple),
)
commits = st.lists(commit, min_size=1, max_size=5)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("journal") / "catalogue.log"


def write(log: Path, wanted: list[Commit]) -> bytes:
    log.unlink(missing_ok=True)
    for one in wanted:
        append_commits(log, [one], read_journal(log).length)
    return log.read_bytes()


@settings(deadline=None, max_examples=30)
@given(wanted=commits)
def test_what_is_written_is_read(log: Path, wanted: list[Commit]) -> None:
    data = write(log, wanted)
    assert read_journal(log) == (wanted, len(data))
    assert data.count(b"\n") == len(wanted)


@settings(deadline=None, max_examples=60)
@given(wanted=commits, data=st.data())
def test_a_journal_cut_anywhere_holds_the_commits_before_the_cut(
    log: Path, wanted: list[Commit], data: st.DataObject
) -> None:
    whole = b"".join(map(encode, wanted))
    cut = data.draw(st.integers(0, len(whole)))
    garbage = data.draw(st.sampled_from([b"", b"\0" * 50, b"{"]))
    log.write_bytes(whole[:cut] + garbage)
    journal = read_journal(log)
    count = whole[:cut].count(b"\n")
    assert journal.commits == wanted[:count]
    append_commits(log, [wanted[0]], journal.length)  # and writing goes on where the good part ends
    assert read_journal(log).commits == [*wanted[:count], wanted[0]]


@settings(deadline=None, max_examples=60)
@given(wanted=commits, data=st.data())
def test_a_changed_byte_is_seen(log: Path, wanted: list[Commit], data: st.DataObject) -> None:
    whole = bytearray(b"".join(map(encode, wanted)))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    log.write_bytes(whole)
    begin_of_last = len(whole) - len(encode(wanted[-1]))
    if whole[at] == ord("\n") and at >= begin_of_last:  # two whole lines where there was one
        with pytest.raises(CatalogueError, match="damaged"):
            read_journal(log)
    elif at >= begin_of_last - 1:  # the last line, or its border: as if it had been torn
        assert read_journal(log).commits in (wanted[:-1], wanted[:-2])
    else:
        with pytest.raises(CatalogueError, match="damaged"):
            read_journal(log)


def test_no_journal_is_an_empty_one(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "none") == ([], 0)


def test_a_newer_journal_is_refused_not_cut_away(tmp_path: Path) -> None:
    newer = encode(Commit(pack="1.pack").model_copy(update={"version": 3}))
    (tmp_path / "catalogue.log").write_bytes(newer)
    with pytest.raises(CatalogueError) as caught:
        read_journal(tmp_path / "catalogue.log")
    assert caught.value.code == "newer"


def test_a_journal_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        read_journal(tmp_path)
    assert caught.value.code == "not_readable"


def test_a_full_disk_leaves_the_journal_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "catalogue.log"
    before = write(log, [Commit(pack="1.pack")])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        append_commits(log, [Commit(pack="2.pack")], len(before))
    assert log.read_bytes() == before
