"""What is kept until it is told: in the outbox, in files of lines, and on its way to a receiver."""

import base64
import csv
import multiprocessing
import os
import signal
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.radio import receiving, wait_for

from sonica.platform import outbox as module
from sonica.platform.ids import new_id
from sonica.platform.lines import LineFile, LinesError
from sonica.platform.outbox import Outbox, OutboxError
from sonica.platform.webhooks import PLACE, Deliverer, WebhookError, checked_address, read_secret, signature
from sonica.recognition.schemas import SongRef
from sonica.work.monitoring import COLUMNS, Event, GapData, LoggedSong, PlayData, csv_line

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()


# --- the outbox -----------------------------------------------------------------------------------------


def test_an_event_waits_for_each_place_until_that_has_it(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o") as outbox:
        assert outbox.memory == ""
        outbox.put("1", "one", ["csv", "webhook"], "first")
        outbox.put("2", "two", ["webhook"], "second")
        outbox.put("3", "three", [], "third")
    with Outbox(tmp_path / "o") as outbox:
        assert outbox.memory == "third"
        first = outbox.next("csv")
        assert first is not None
        assert (first.id, first.body, first.tries) == ("1", "one", 0)
        outbox.done("csv", first.seq)
        assert outbox.next("csv") is None
        assert [outbox.count(place) for place in ("csv", "webhook", "none")] == [0, 2, 0]
        outbox.later("webhook", first.seq, 1_000.0)
        assert [getattr(outbox.next("webhook", now), "id", "") for now in (999.0, 1_001.0)] == ["2", "1"]
        again = outbox.next("webhook", 1_001.0)
        assert again is not None
        assert again.tries == 1
        while waiting := outbox.next("webhook", 2_000.0):
            outbox.done("webhook", waiting.seq)
        assert outbox._base.execute("SELECT count(*) FROM event").fetchone() == (0,)


def test_it_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    with Outbox(tmp_path / "o") as outbox:
        lost = [outbox.put(str(n), "", ["a", "b"] if n == 2 else ["a"], "") for n in range(6)]
        assert lost == [0, 0, 0, 1, 1, 1]
        left = []
        while waiting := outbox.next("a"):
            left.append(waiting.id)
            outbox.done("a", waiting.seq)
        assert left == ["3", "4", "5"]
        assert getattr(outbox.next("b"), "id", "") == "2"


def test_what_is_done_costs_the_same_however_many_wait(tmp_path: Path) -> None:
    """In steps of the database."""
    with Outbox(tmp_path / "o") as outbox:
        costs = []
        for more in (3, 3_000):
            numbers = [(more + number,) for number in range(more)]
            outbox._base.execute("BEGIN")
            outbox._base.executemany("INSERT INTO event VALUES (?, '', '')", numbers)
            outbox._base.executemany("INSERT INTO due VALUES ('a', ?, 0, 0)", numbers)
            outbox._base.execute("COMMIT")
            steps: list[int] = []
            outbox._base.set_progress_handler(partial(steps.append, 1), 1)
            waiting = outbox.next("a")
            assert waiting is not None
            outbox.done("a", waiting.seq)
            outbox._base.set_progress_handler(None, 1)
            costs.append(len(steps))
        assert outbox._base.execute("SELECT count(*) FROM event").fetchone() == (outbox.count("a"),)
    assert costs[1] < 2 * costs[0]


def _put_for_ever(file: Path, said: Path) -> None:
    with Outbox(file) as outbox, said.open("w") as lines:
        for number in range(1_000_000):
            outbox.put(str(number), "x" * 500, ["a"], str(number))
            print(number, file=lines, flush=True)


def test_who_is_killed_loses_nothing_of_what_was_kept(tmp_path: Path) -> None:
    file, said = tmp_path / "o", tmp_path / "said"
    process = multiprocessing.get_context("spawn").Process(target=_put_for_ever, args=(file, said))
    process.start()
    wait_for(lambda: said.exists() and said.read_text().count("\n") > 20, process.is_alive)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    process.close()
    whole = said.read_text().rpartition("\n")[0].split("\n")
    with Outbox(file) as outbox:
        count = outbox.count("a")
        assert count >= len(whole)
        assert outbox.memory == str(count - 1)


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "o").write_bytes(b"something else " * 100)
    with pytest.raises(OutboxError) as error:
        Outbox(tmp_path / "o")
    assert "move" in error.value.hint


# --- lines ----------------------------------------------------------------------------------------------

HEADER = "id,title"


@settings(deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"])), max_size=8),
    st.data(),
)
def test_a_file_that_was_cut_off_anywhere_goes_on_with_whole_lines(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("lines") / "log.csv"
    file = LineFile(path, HEADER, header=True)
    for line in lines:
        file.append(line)
    whole = path.read_bytes()
    assert whole == "".join(f"{line}\n" for line in [HEADER, *lines]).encode()
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    path.write_bytes(cut)
    LineFile(path, HEADER, header=True).append("next")
    kept = cut[: cut.rfind(b"\n") + 1] or f"{HEADER}\n".encode()
    assert path.read_bytes() == kept + b"next\n"


def test_a_long_half_line(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b'{"a":1}\n{"' + b"x" * 300_000)
    file = LineFile(path, '{"')
    assert path.read_bytes() == b'{"a":1}\n'
    file.append('{"b":2}')
    assert file.ends_with('"b"')
    assert not file.ends_with('"c"')


@pytest.mark.parametrize("content", ["another,file\n1,2\n", "no end of line", "idx,title\n"])
def test_a_file_of_somebody_else_is_not_touched(content: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(content)
    with pytest.raises(LinesError) as error:
        LineFile(tmp_path / "log", HEADER, header=True)
    assert error.value.code == "log_other"
    assert (tmp_path / "log").read_text() == content


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "log"):
        with pytest.raises(LinesError) as error:
            LineFile(path, HEADER)
        assert error.value.code == "log_unusable"


# --- events -----------------------------------------------------------------------------------------------


def event(title: str, **changes: object) -> Event:
    song = LoggedSong(id=1, recording_id=2, title=title, artist=title, language="hi")
    data = PlayData(
        play_id=new_id(),
        started_at="2026-11-28T23:05:11.250Z",
        ended_at="2026-11-28T23:08:30.750Z",
        seconds=199.5,
        song=song,
        offset_s=0.5,
        speed=1.02,
        confidence=0.9999,
    )
    said = {"id": new_id(), "type": "played", "timestamp": "", "source": title, "data": data, **changes}
    return Event.model_validate(said)


@settings(deadline=None)
@given(st.text())
def test_a_line_of_csv_is_one_line_whatever_the_title(title: str) -> None:
    made = event(title)
    line = csv_line(made)
    assert len(line.splitlines()) == 1
    (row,) = csv.DictReader([COLUMNS, line], strict=True)
    assert row["title"].split() == title.split()
    assert (row["id"], row["seconds"], row["speed"], row["note"]) == (str(made.id), "199.50", "1.020", "")


def test_other_lines_of_csv() -> None:
    data = GapData(started_at="a", ended_at="b", seconds=3.0, reason="no network")
    (row,) = csv.DictReader([COLUMNS, csv_line(event("fm", type="gap", data=data))], strict=True)
    assert (row["event"], row["seconds"], row["title"], row["note"]) == ("gap", "3.00", "", "no network")
    assert csv_line(event("x", type="begun")) == ""
    assert "path" not in LoggedSong.model_fields
    assert set(LoggedSong.model_fields) < set(SongRef.model_fields)


# --- webhooks -----------------------------------------------------------------------------------------------


def test_the_signature_of_the_specification() -> None:
    """Its own example."""
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    assert read_secret(file) == KEY
    monkeypatch.setenv("SONICA_WEBHOOK_SECRET", SECRET.removeprefix("whsec_"))
    assert read_secret(None) == KEY
    for said in ("", "whsec_", "short", "whsec_" + base64.b64encode(bytes(100)).decode(), "नमस्ते"):
        file.write_text(said)
        with pytest.raises(WebhookError) as error:
            read_secret(file)
        assert "Make one" in error.value.hint
        assert len(said) < 8 or said not in error.value.message
    monkeypatch.delenv("SONICA_WEBHOOK_SECRET")
    with pytest.raises(WebhookError, match="needs a secret"):
        read_secret(None)
    for address in ("", "example.org", "file:///etc/passwd", "http://", "http://a..b/", "http://a/\0"):
        with pytest.raises(WebhookError, match="is not the address"):
            checked_address(address)


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sonica.platform.webhooks.FIRST_PAUSE_S", 0.02)


def filled(folder: Path, count: int) -> Path:
    with Outbox(folder / "o") as outbox:
        for number in range(count):
            outbox.put(f"id-{number}", f'{{"n":{number}}}', [PLACE], "")
    return folder / "o"


@pytest.mark.usefixtures("_quick")
def test_a_receiver_that_fails_first_gets_all_in_order(tmp_path: Path) -> None:
    file = filled(tmp_path, 5)
    troubles: list[str] = []
    with (
        receiving(500, 503, 429) as receiver,
        Outbox(file) as outbox,
        Deliverer(file, receiver.url, KEY, troubles.append) as deliverer,
    ):
        wait_for(lambda: outbox.count(PLACE) == 0)
        outbox.put("id-5", "{}", [PLACE], "")
        deliverer.wake()
        wait_for(lambda: outbox.count(PLACE) == 0)
    assert receiver.refused == ["id-0"] * 3
    assert [headers["webhook-id"] for headers, _ in receiver.taken] == [f"id-{n}" for n in range(6)]
    for headers, body in receiver.taken:
        timestamp = int(headers["webhook-timestamp"])
        assert headers["webhook-signature"] == signature(KEY, headers["webhook-id"], timestamp, body)
    assert len(troubles) == 1
    assert "answered 500" in troubles[0]


def test_an_event_that_is_refused_holds_up_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sonica.platform.webhooks.FIRST_PAUSE_S", 250.0)
    file = filled(tmp_path, 3)
    with (
        receiving(400) as receiver,
        Outbox(file) as outbox,
        Deliverer(file, receiver.url, KEY, lambda _: None),
    ):
        wait_for(lambda: outbox.count(PLACE) == 1)
    assert receiver.refused == ["id-0"]
    assert [headers["webhook-id"] for headers, _ in receiver.taken] == ["id-1", "id-2"]
    with Outbox(file) as outbox:
        waiting = outbox.next(PLACE, 1e12)
    assert waiting is not None
    assert (waiting.id, waiting.tries) == ("id-0", 1)


def test_a_receiver_that_is_away_costs_nothing_that_was_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sonica.platform.webhooks.LAST_S", 0.5)
    file = filled(tmp_path, 3)
    with receiving() as receiver:
        url = receiver.url
    troubles: list[str] = []
    with Deliverer(file, url, KEY, troubles.append):
        wait_for(lambda: troubles)
    with Outbox(file) as outbox:
        assert outbox.count(PLACE) == 3


@pytest.mark.usefixtures("_quick")
def test_an_address_that_cannot_be_asked_and_an_outbox_that_cannot_be_read_end_no_delivery(
    tmp_path: Path,
) -> None:
    file, troubles = tmp_path / "o", list[str]()
    with receiving() as receiver:
        file.write_bytes(b"something else " * 100)
        with Deliverer(file, receiver.url, KEY, troubles.append) as deliverer:
            wait_for(lambda: troubles, deliverer._thread.is_alive)
            (tmp_path / "whole").mkdir()
            filled(tmp_path / "whole", 2).rename(file)
            wait_for(lambda: len(receiver.taken) == 2, deliverer._thread.is_alive)
    assert "could not be kept" in troubles[0]
    assert "damaged" in troubles[0]
    troubles.clear()
    file = filled(tmp_path, 1)
    with Deliverer(file, "http://a..b/", KEY, troubles.append) as deliverer:
        wait_for(lambda: troubles, deliverer._thread.is_alive)
    assert "could not be delivered" in troubles[0]
    with Outbox(file) as outbox:
        assert outbox.count(PLACE) == 1


def test_the_end_does_not_wait_for_all_that_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sonica.platform.webhooks.LAST_S", 0.0)
    file = filled(tmp_path, 30)
    said: list[str] = []

    def wait_for_the_end(why: str) -> None:
        said.append(why)
        wait_for(lambda: deliverer._end_by is not None)

    with receiving(*[400] * 30) as receiver:
        deliverer = Deliverer(file, receiver.url, KEY, wait_for_the_end)
        with deliverer:
            wait_for(lambda: said, deliverer._thread.is_alive)
        deliverer._thread.join()
    assert receiver.refused == ["id-0"]
