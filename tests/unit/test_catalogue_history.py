"""Any history of the data folder, against the obvious twin: dictionaries."""

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.conftest import CommandLine

from sonica import _engine
from sonica.catalogue import About, Link
from sonica.catalogue.change import Change
from sonica.catalogue.ingest import Found, Prepared
from sonica.catalogue.merge import TIER, Size, packs_to_merge
from sonica.catalogue.outline import Outline
from sonica.catalogue.remake import merge, rebuild
from sonica.catalogue.state import State
from sonica.catalogue.store import Store
from sonica.catalogue.verify import verify
from sonica.platform.shared import close_shared

RATE = 8_000
CONTENTS = "1234"
FINGERPRINTS = {
    content: _engine.fingerprint(
        np.random.default_rng(int(content)).uniform(-0.5, 0.5, 2 * RATE).astype(np.float32), RATE
    )
    for content in CONTENTS
}


class History(RuleBasedStateMachine):
    """Two programs on one folder, in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.stores = [Store(Path(self.folder.name)), Store(Path(self.folder.name))]
        self.content: dict[str, str] = {}
        """Of each place."""
        self.used: set[int] = set()
        self.turn = 0

    def teardown(self) -> None:
        close_shared()
        CommandLine.databases.release(CommandLine.databases.mark() - {Path(self.folder.name)})
        self.folder.cleanup()

    def store(self) -> Store:
        self.turn += 1
        return self.stores[self.turn % 2]

    @rule(
        batch=st.lists(
            st.tuples(st.sampled_from("abcdef"), st.sampled_from(CONTENTS)), min_size=1, max_size=4
        )
    )
    def add(self, batch: list[tuple[str, str]]) -> None:
        items = [
            Prepared(Found(Path("/music") / place), content, About(title=content), FINGERPRINTS[content], 2.0)
            for place, content in batch
        ]
        outcomes = self.store().change(lambda change: [change.take(item) for item in items])
        for (place, content), (status, id_) in zip(batch, outcomes, strict=True):
            assert (status == "known") == (self.content.get(place) == content)
            if status == "added":
                assert id_ not in self.used
                self.used.add(id_)
            self.content[place] = content

    @precondition(lambda self: self.content)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        store = self.store()
        place = data.draw(st.sampled_from(sorted(self.content)))
        id_ = store.read().by_location[f"/music/{place}"].id
        store.change(lambda change: change.remove([id_]))
        del self.content[place]

    @precondition(lambda self: self.content)
    @rule(data=st.data(), title=st.text(max_size=5))
    def edit(self, data: st.DataObject, title: str) -> None:
        store = self.store()
        song = data.draw(st.sampled_from(sorted(r.song_id for r in store.read().recordings.values())))
        store.change(lambda change: change.edit(song, {"title": title}))
        assert store.read().songs[song].title == title

    @precondition(lambda self: len(self.content) > 1)
    @rule(data=st.data())
    def attach_and_detach(self, data: st.DataObject) -> None:
        store = self.store()
        ids = st.sampled_from(sorted(store.read().recordings))
        one, other = data.draw(ids), data.draw(ids)
        song = store.read().recordings[other].song_id
        link = Link(recordings=(one, other), kind="same", share=1.0)
        store.change(lambda change: change.attach(one, song, link))
        assert store.read().recordings[one].song_id == song
        if len(store.read().recordings_of[song]) == 1:
            return
        new = store.change(lambda change: change.detach(one))
        assert store.read().recordings[one].song_id == new
        left = store.read().recordings_of[song]
        links = [link for link in store.read().links_of(one) if left & set(link.recordings)]
        assert {link.kind for link in links} == {"different"}

    @rule()
    def merge(self) -> None:
        merge(self.store())
        assert self.store().read().stale == set()

    @rule()
    def rebuild(self) -> None:
        assert rebuild(self.store(), lambda *_: None) == []

    @rule()
    def reopen(self) -> None:
        self.stores.insert(0, Store(Path(self.folder.name)))

    @invariant()
    def all_is_there_once(self) -> None:
        store = self.store()
        state = store.read()
        assert {r.location.rpartition("/")[2]: r.content for r in state.recordings.values()} == self.content
        packs, absent = store.open()
        rows = [row for pack in packs for row in pack.recordings() if row.recording_id not in absent]
        assert {row.recording_id: row.song_id for row in rows if row.recording_id not in state.stale} == {
            r.id: r.song_id for r in state.recordings.values() if r.id not in state.stale
        }
        assert len(rows) == len(state.recordings)
        assert not [finding for finding in verify(store, lambda *_: None) if finding.kind == "error"]
        assert vars(seen_afresh(store)) == vars(state)
        outline = Store(store.home).look()
        assert isinstance(outline, Outline)
        assert (outline.packs, outline.absent, len(outline)) == (state.packs, state.absent, len(state))
        ids = range(state.next_recording + 1)
        assert [outline.entry(id_) for id_ in ids] == [state.entry(id_) for id_ in ids]


def seen_afresh(store: Store) -> State:
    """What somebody sees who comes fresh."""
    return Store(store.home).read()


History.TestCase.settings = settings(deadline=None, max_examples=25, stateful_step_count=15)
TestHistory = History.TestCase


def test_merging_is_a_pure_function_of_sizes() -> None:
    assert packs_to_merge({}) == []
    assert packs_to_merge({str(i): Size(5.0) for i in range(TIER - 1)}) == []
    assert packs_to_merge({str(i): Size(5.0 - i / 10) for i in range(TIER)}) == ["3", "2", "1", "0"]
    assert packs_to_merge({str(i): Size(5.0 * TIER**i) for i in range(8)}) == []  # each of its own size
    full = {f"full {i}": Size(3_000_000.0) for i in range(20)}
    assert packs_to_merge(full) == []
    assert packs_to_merge(full | {"a": Size(5.0), "b": Size(90.0, 40.0)}) == ["b"]
    assert packs_to_merge(full | {"a": Size(5.0, is_stale=True)}) == ["a"]
    halves = {str(i): Size(1_700_000.0) for i in range(TIER)}
    assert packs_to_merge(halves) == ["0", "1"]


def test_packs_are_few_and_seldom_written_anew() -> None:
    """A collection that grows by a song at a time up to 100 hours."""
    packs: dict[str, Size] = {}
    written, most = 0.0, 0
    for number in range(2_000):
        packs[f"new {number}"] = Size(180.0)
        while names := packs_to_merge(packs):
            whole = sum(packs.pop(name).live for name in names)
            packs[f"merged {number} {len(packs)}"] = Size(whole)
            written += whole
        most = max(most, len(packs))
    assert written / (2_000 * 180) < 6
    assert most <= 3 * 7


def test_an_empty_batch_changes_nothing() -> None:
    assert not Change(State())
