"""Objects: the same in a folder and in a real store that speaks S3."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stores import BUCKET, Store, file_of, open_store

from sonica.catalogue.ingest import SUFFIXES
from sonica.catalogue.originals import KINDS, NAME, OTHER, kind_of, original_name
from sonica.platform.objects import (
    PIECE,
    Bucket,
    Folder,
    Objects,
    ObjectsError,
    checked_objects_url,
    is_away,
    objects_at,
    open_objects,
)
from sonica.platform.settings import SettingsError

KEY = "originals/0123456789abcdef0123456789abcdef.flac"


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store() as opened:
        yield opened


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.heavy)])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    if request.param == "folder":
        return objects_at(f"file://{tmp_path}/some where")
    request.getfixturevalue("store")
    return objects_at(f"s3://{BUCKET}/{tmp_path.name} é")


def test_an_object_is_put_found_fetched_and_removed(objects: Objects, tmp_path: Path) -> None:
    assert objects.find(KEY) is None
    assert list(objects.list()) == []
    objects.check()
    for content in (b"", b"sound", bytes(range(256)) * (PIECE // 128) + b"end"):
        key = f"originals/{len(content)}.flac"
        objects.put(key, file_of(tmp_path, content), "audio/flac")
        found = objects.find(key)
        assert found
        assert found.size == len(content)
        assert found.changed_ns > 0
        objects.fetch(key, tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == content
        assert found in list(objects.list("originals/"))
    assert len(list(objects.list())) == 3
    assert list(objects.list("other/")) == []
    objects.remove(one.key for one in objects.list())
    objects.remove([KEY])
    assert list(objects.list()) == []
    with pytest.raises(ObjectsError) as caught:
        objects.fetch(KEY, tmp_path / "copy")
    assert caught.value.code == "object_missing"
    assert not is_away(caught.value)


def test_what_is_there_stays_as_it_is(objects: Objects, tmp_path: Path) -> None:
    objects.put(KEY, file_of(tmp_path, b"one"), "audio/flac")
    before = objects.find(KEY)
    objects.put(KEY, file_of(tmp_path, b"two"), "audio/flac")
    assert objects.find(KEY) == before
    objects.fetch(KEY, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"one"
    objects.put(KEY, file_of(tmp_path, b"whole"), "audio/flac")  # what was there was cut off
    objects.fetch(KEY, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"whole"


def test_many_put_the_same(objects: Objects, tmp_path: Path) -> None:
    file = file_of(tmp_path, b"x" * 100_000)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: objects.put(KEY, file, "audio/flac"), range(24)))
    (found,) = objects.list()
    assert found.size == 100_000


def test_a_folder_has_no_address_and_a_path(tmp_path: Path) -> None:
    folder = open_objects(tmp_path, {})
    folder.put(KEY, file_of(tmp_path, b"sound"), "audio/flac")
    assert folder.path(KEY) == tmp_path / KEY
    assert folder.signed(KEY, 60) is None
    blocked = Folder(tmp_path / "file")  # a file is where the folder should be
    with pytest.raises(ObjectsError) as caught:
        blocked.put(KEY, tmp_path / "file", "audio/flac")
    assert is_away(caught.value)
    Folder(tmp_path / "no" / "where").check()
    with pytest.raises(FileNotFoundError):
        folder.put(KEY, tmp_path / "nothing", "audio/flac")
    with pytest.raises(ObjectsError) as caught:
        blocked.check()
    assert is_away(caught.value)


@pytest.mark.heavy
def test_a_signed_address_gives_ranges_and_types(store: Store, tmp_path: Path) -> None:
    bucket = objects_at(f"s3://{BUCKET}")
    bucket.put(KEY, file_of(tmp_path, b"0123456789"), "audio/flac")
    objects: Objects = bucket
    assert objects.path(KEY) is None
    address = bucket.signed(KEY, 60)
    assert address
    assert "X-Amz-Expires=60" in address
    reply = httpx.get(address, headers={"Range": "bytes=2-4"})
    assert (reply.status_code, reply.content) == (206, b"234")
    assert reply.headers["content-type"] == "audio/flac"
    assert "immutable" in reply.headers["cache-control"]


@pytest.mark.heavy
def test_a_store_that_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Store()
    for name, value in away.environment.items():
        monkeypatch.setenv(name, value)
    bucket = Bucket(f"s3://{BUCKET}")
    file = file_of(tmp_path, b"x")
    for ask in (
        bucket.check,
        lambda: bucket.find(KEY),
        lambda: bucket.put(KEY, file, "audio/flac"),
        lambda: list(bucket.list()),
        lambda: bucket.fetch(KEY, tmp_path / "copy"),
        lambda: bucket.remove([KEY]),
    ):
        with pytest.raises(ObjectsError) as caught:
            ask()
        assert is_away(caught.value)
        assert caught.value.hint
        assert "open-sesame" not in f"{caught.value.message} {caught.value.hint}"
    assert bucket.signed(KEY, 60)  # nobody is asked


@pytest.mark.heavy
def test_a_bucket_that_is_not_there_and_names_that_cannot_be_used(store: Store, tmp_path: Path) -> None:
    none = Bucket("s3://nobody")
    for ask in (none.check, lambda: none.put(KEY, file_of(tmp_path, b"x"), "audio/flac")):
        with pytest.raises(ObjectsError) as caught:
            ask()
        assert is_away(caught.value)
    assert store.ask("PUT", "/odd/%2e%2e/a.flac", b"x") == 200
    with pytest.raises(ObjectsError) as caught:
        list(Bucket(f"s3://{BUCKET}/odd").list())
    assert caught.value.code == "objects_bad_name"


@pytest.mark.parametrize("said", ["file:///srv/objects", "s3://bucket", "s3://bucket/a/b/", " s3://b "])
def test_urls_that_are_taken(said: str) -> None:
    assert checked_objects_url(said) == said.strip().rstrip("/")


@pytest.mark.parametrize(
    "said",
    [
        *("", "objects", "/srv/objects", "file://there/objects", "file:objects", "s3://", "https://bucket"),
        *("s3://key:open-sesame@bucket", "s3://bucket/a?b=open-sesame", "s3://bucket/#x", "s3://bucket/../a"),
        *("s3://[open-sesame", "s3://bucket/a?", "s3://bucket/a#", "s3://bucket//a", "s3://bucket/a//b"),
        *("s3://bucket/a//", "s3://bucket/./a", "s3://bucket/a/.", "s3://bucket/a\tb", "s3://bucket/a\x7f"),
        *("file:///", "file:///srv/../etc"),
    ],
)
def test_urls_that_are_not(said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        checked_objects_url(said)
    assert "open-sesame" not in str(caught.value)


@given(st.binary(min_size=16, max_size=16), st.text(max_size=12) | st.sampled_from(sorted(SUFFIXES)))
def test_a_name_can_stand_in_an_address_and_in_a_folder(content: bytes, suffix: str) -> None:
    name = original_name(content.hex(), suffix)
    assert re.fullmatch(NAME, name)
    assert name.startswith(content.hex())
    assert Path(name).name == name
    assert kind_of(name) in {*KINDS.values(), OTHER}
    if suffix in SUFFIXES:
        assert name == content.hex() + suffix
        assert name == original_name(content.hex(), suffix.upper())
