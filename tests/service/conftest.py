"""What tests of the service need: a data folder that PostgreSQL's user can reach."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def open_folder() -> Iterator[Path]:
    """An empty folder through which every user may pass; pytest's own are closed to all but one."""
    folder = Path(tempfile.mkdtemp(prefix="sonica-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def reachable() -> Iterator[Path]:
    """Such a folder for one test."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def module_folder() -> Iterator[Path]:
    """Such a folder for all tests of a file."""
    with open_folder() as folder:
        yield folder
