"""What stands behind `make`: steps that fail loudly, counts that are not empty, digests that notice."""

from pathlib import Path

import check
import pytest
import setup
import step
import tools


def make(*commands: tuple[str, ...]) -> step.Step:
    return step.Step("example", "An example", "no time", commands)


def test_a_step_ends_at_its_first_failure_and_shows_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(step, "ROOT", tmp_path)
    monkeypatch.setattr(step, "LOGS", tmp_path / "logs")
    monkeypatch.delenv("V", raising=False)
    result = step.run(make(("echo", "first"), ("sh", "-c", "echo why; exit 3"), ("echo", "never")))
    shown = capsys.readouterr().out
    assert not result.ok
    assert result.log == "first\nwhy\n"
    assert "✗ An example" in shown
    assert "why" in shown
    assert (tmp_path / "logs" / "example.log").read_text() == "first\nwhy\n"


@pytest.mark.parametrize("loud", ["0", "1"])
def test_the_log_of_a_success_is_shown_only_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], loud: str
) -> None:
    monkeypatch.setenv("V", loud)
    result = step.run(make(("echo", "detail")))
    assert result.ok
    assert result.log == "detail\n"
    assert ("detail" in capsys.readouterr().out) == (loud == "1")


def test_a_missing_program_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("V", "1")
    assert not step.run(make(("no-such-program-here",))).ok
    assert "no-such-program-here does not start" in capsys.readouterr().out


@pytest.mark.parametrize(("seconds", "text"), [(0.04, "0.0 s"), (9.96, "10.0 s"), (75, "1 min 15 s")])
def test_durations_read_well(seconds: float, text: str) -> None:
    assert step.duration(seconds) == text


@pytest.mark.parametrize(
    ("name", "log", "total"),
    [
        ("python", "======= 41 passed, 2 deselected in 3.21s =======", 41),
        ("rust", "test result: ok. 7 passed; 0 failed;\ntest result: ok. 5 passed; 0 failed;", 12),
        ("wasm", "# tests 9\n# pass 9\n# fail 0", 9),
        ("wasm", "ℹ tests 9\nℹ pass 9", 9),
        ("engine-browser", "$ node --test\nℹ pass 17\nℹ fail 0", 17),
        (
            "browser",
            "Running 49 tests using 1 worker\n  ✓  1 e2e/a.ts › a (6.0s)\n  1 skipped\n  48 passed (5.4m)",
            48,
        ),
    ],
)
def test_tests_are_counted(name: str, log: str, total: int) -> None:
    passed, text = check.counted(check.CHECKS[name], step.Result(ok=True, seconds=0, log=log))
    assert passed
    assert text.split()[0] == str(total)


def test_all_asks_for_more_of_every_property(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[step.Step] = []

    def note(asked: step.Step) -> step.Result:
        done.append(asked)
        return step.Result(ok=True, seconds=0, log="1 passed")

    monkeypatch.setattr(check, "run", note)
    for everything in (False, True):
        assert check.perform(check.CHECKS["python"], everything=everything) == (True, "1 Python tests")
        check.perform(check.CHECKS["rust"], everything=everything)
    assert [s.variables for s in done[:2]] == [{}, {}]
    assert [set(s.variables) for s in done[2:]] == [{"HYPOTHESIS_PROFILE"}, {"PROPTEST_CASES"}]
    assert done[2].commands[-1][-1] == "heavy or not heavy"


def test_a_step_hands_its_variables_on() -> None:
    asked = step.Step("example", "An example", "no time", (("sh", "-c", "echo $MORE"),), {"MORE": "cases"})
    assert step.run(asked).log == "cases\n"


def test_running_no_test_is_a_failure() -> None:
    passed, _ = check.counted(check.CHECKS["rust"], step.Result(ok=True, seconds=0, log="0 tests"))
    assert not passed


def test_an_unknown_check_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["nonsense"]) == 2
    assert "clippy" in capsys.readouterr().out


def test_a_digest_notices_content_name_and_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    (tmp_path / "engine").mkdir()
    file = tmp_path / "engine" / "lib.rs"
    file.write_text("one")
    before = setup.digest(setup.files("engine", "absent"), "3.11")
    assert before == setup.digest(setup.files("engine", "absent"), "3.11")
    assert before != setup.digest(setup.files("engine"), "3.12")
    file.write_text("two")
    assert before != setup.digest(setup.files("engine"), "3.11")
    file.write_text("one")
    file.rename(tmp_path / "engine" / "other.rs")
    assert before != setup.digest(setup.files("engine"), "3.11")


def test_a_tool_must_be_there_new_enough_and_whole(tmp_path: Path) -> None:
    echo = ("echo", "tool 1.94.2 (abc)")
    assert tools.Tool("tool", (), "", echo, (1, 94)).present()
    assert not tools.Tool("tool", (), "", echo, (1, 95)).present()
    assert not tools.Tool("tool", (), "", echo, path=tmp_path / "absent").present()
    assert not tools.Tool("tool", (), "", ("no-such-program-here",)).present()
    assert not tools.Tool("tool", (), "", ("false",)).present()


def test_what_is_missing_is_said_with_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = tools.Tool("A thing", ("a-thing",), "Build it.", ("no-such-program-here",))
    monkeypatch.setattr(setup, "can_apt", lambda: False)
    monkeypatch.setattr(setup, "has_apt", lambda: True)
    assert not setup.install_tools((absent,))
    shown = capsys.readouterr().out
    assert "A thing is missing. Build it." in shown
    assert "sudo apt-get install" in shown
