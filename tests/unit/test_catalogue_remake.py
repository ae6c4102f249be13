"""Packs that are made of packs while others write, and the database comes and goes."""

import time
from collections.abc import Callable

import pytest
from tests.unit.test_catalogue_database import errors, item, put, store

from sonica.catalogue.ledger import Session
from sonica.catalogue.remake import merge
from sonica.catalogue.store import Store
from sonica.platform.database import DatabaseError

__all__ = ["store"]


def test_a_pack_whose_name_another_took_meanwhile(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[[Session], None] = Session.commit
    sleep, other = time.sleep, Store(store.home)

    def lost(_: Session) -> None:
        monkeypatch.setattr(Session, "commit", real)
        raise DatabaseError("database_away", "gone", "")

    def meanwhile(_: float) -> None:
        monkeypatch.setattr("sonica.catalogue.store.time.sleep", sleep)
        put(other, item("d", "4"))

    for number in (5, 6):
        put(store, item(f"x{number}", f"{number}"))
    names = sorted(store.read().packs)
    once = [names]  # later ones would hide what this one does
    monkeypatch.setattr("sonica.catalogue.remake.packs_to_merge", lambda _: once.pop() if once else [])
    monkeypatch.setattr(Session, "commit", lost)
    monkeypatch.setattr("sonica.catalogue.store.time.sleep", meanwhile)
    merge(store)
    assert len(store.read().recordings) == 6
    assert len(store.open().packs) == len(store.read().packs) == len(names) + 1
    assert errors(store.home) == []
