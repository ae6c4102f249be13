"""Which state of the catalogue it is: another after each change, the same to all who see the same songs."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import CommandLine
from tests.databases import open_folder

from sonica.catalogue import Catalogue, CatalogueError, Edition, find_files


@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["append", "cut", "replace", "remove"]), st.binary(min_size=1, max_size=40)
        ),
        max_size=12,
    )
)
def test_as_many_editions_as_contents(steps: list[tuple[str, bytes]]) -> None:
    with open_folder() as folder:
        log = folder / "feed.log"
        follower, told = Edition([log]), dict[str, bytes]()
        content = b""
        for what, data in steps:
            before = follower.read()
            old = content
            if what == "append":
                content += data
                with log.open("ab") as file:
                    file.write(data)
            elif what == "cut":  # a torn line, which a writer cuts away and writes over
                content = content[: len(content) // 2]
                if log.exists():
                    os.truncate(log, len(content))
            elif what == "replace":
                content = data
                other = folder / "other"
                other.write_bytes(data)
                other.replace(log)
            else:
                content = b""
                log.unlink(missing_ok=True)
            now = follower.read()
            assert (now == before) or (content != old)
            assert told.setdefault(now, content) == content
            assert follower.glance() == now == Edition([log]).read()


def test_it_follows_every_change_of_any_process(sonica: CommandLine, music: Path) -> None:
    catalogue = Catalogue(sonica.home)
    seen = [catalogue.edition.read()]

    def is_new() -> bool:
        glanced = catalogue.edition.glance()
        seen.append(catalogue.edition.read())
        return glanced is None and seen[-1] not in seen[:-1]

    list(catalogue.add(find_files([music / "0.flac", music / "1.flac"]), workers=1))
    assert is_new()
    assert sonica("songs", "edit", 1, "--title", "Another").status == 0
    assert is_new()
    assert sonica("songs", "join", 2, 1).status == 0
    assert is_new()
    assert sonica("songs", "remove", "--yes", 1).status == 0
    assert is_new()
    assert catalogue.edition.glance() == seen[-1] == Catalogue(sonica.home).edition.read()
    shutil.copytree(sonica.home, sonica.home.with_name("copy"))
    assert Catalogue(sonica.home.with_name("copy")).edition.read() == seen[-1]


def test_a_feed_that_cannot_be_read(tmp_path: Path) -> None:
    log = tmp_path / "feed.log"
    edition = Edition([log])
    empty = edition.read()
    log.mkdir()
    for _ in range(2):
        assert edition.glance() is None
        with pytest.raises(CatalogueError) as caught:
            edition.read()
        assert caught.value.code == "not_readable"
    log.rmdir()
    assert edition.read() == empty
