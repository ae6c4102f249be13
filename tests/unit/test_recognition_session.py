"""When a listening is looked at, and how thoroughly."""

import numpy as np
import pytest

from sonica import _engine
from sonica.platform.errors import SonicaError
from sonica.recognition import LOOKS, Session
from sonica.recognition.session import Looks


def frames(seconds: float, step: float = 0.5) -> list[bytes]:
    sound = np.random.default_rng(1).standard_normal(int(seconds * 8000)).astype(np.float32) * np.float32(0.1)
    fingerprinter, made = _engine.Fingerprinter(8000), []
    for part in np.split(sound, range(int(step * 8000), len(sound), int(step * 8000))):
        fingerprinter.push(part)
        made.append(fingerprinter.frame())
    return made


def test_each_look_is_due_once_and_of_missed_ones_the_newest() -> None:
    looks = Looks()
    due = [seconds for seconds in np.arange(0, 16, 0.25) if looks.is_due(float(seconds))]
    assert due == list(LOOKS)
    assert looks.is_over
    late = Looks()
    assert [late.is_due(heard) for heard in (7.0, 7.5, 9.0, 20.0)] == [True, False, True, True]
    assert late.is_over


def test_a_look_stays_due_until_it_was_made() -> None:
    session = Session()
    told = []
    for frame in frames(15.0):
        session.push(frame)
        if session.is_due:
            told.append((session.heard_s, session.is_thorough, session.is_last))
            if session.heard_s != 2.5:  # there was no room for that one
                session.looked()
    assert [heard for heard, _, _ in told] == [1.5, 2.5, 3.0, 4.0, 6.0, 9.0, 12.0, 15.0]
    assert [thorough for _, thorough, _ in told] == [False, True, True, False, True, False, False, True]
    assert [is_last for _, _, is_last in told] == [False] * 7 + [True]
    assert session.looked_s == 15.0
    assert _engine.read_fingerprint(session.fingerprint()).duration_s == 15.0


def test_what_is_no_frame_changes_nothing() -> None:
    session, made = Session(), frames(2.0)
    session.push(made[0])
    for wrong in (b"", b"x", made[0], made[2], made[1][:-1]):
        with pytest.raises(SonicaError):
            session.push(wrong)
    session.push(made[1])
    assert session.heard_s == 1.0
    assert not session.is_due
