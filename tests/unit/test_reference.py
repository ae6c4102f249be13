"""The pages of docs/reference say what the code says, and all of it."""

import ast
import re
from pathlib import Path
from typing import get_args

import pytest
import reference
import reference_commands
import reference_errors
import reference_metrics
import reference_settings

from sonica.audio.errors import HINTS
from sonica.catalogue.errors import CatalogueErrorCode
from sonica.cli.main import COMMANDS
from sonica.gateway.problems import TITLES
from sonica.platform.options import Options, variable_of

ROOT = Path(__file__).resolve().parents[2]
OF_SHELLS = {"_SONICA_COMPLETE"}
"""Variables that nobody sets by hand."""


def kept(name: str) -> str:
    return (ROOT / "docs" / "reference" / name).read_text()


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_page_is_as_the_code_is(name: str) -> None:
    assert kept(name) == reference.PAGES[name](), "run `make reference`, and look at what changed"


def test_a_page_is_the_same_whatever_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONICA_RATE_LIMIT", "7/1s")
    monkeypatch.setenv("SONICA_MATCH_AT", "0.5")
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@host/name")
    assert reference_settings.page() == kept("settings.md")


# --- settings ---------------------------------------------------------------------------------------


def test_every_setting_has_its_section_type_and_default() -> None:
    page = kept("settings.md")
    for name, field in Options.model_fields.items():
        section = page.partition(f"\n## `{variable_of(name)}`\n")[2].partition("\n## ")[0]
        assert field.description is not None
        assert field.description[1:] in section, name
        assert re.search(r"^- Type: \w+", section, re.MULTILINE), name
        assert re.search(r"^- Default: \S+", section, re.MULTILINE), name


def test_units_are_told() -> None:
    assert reference_settings.kind_of("longest_minutes") == "number, minutes"
    assert reference_settings.kind_of("match_at") == "number, from 0 to 1"
    assert reference_settings.kind_of("database_url") == "secret text"


def test_every_variable_that_the_code_names_is_on_the_page() -> None:
    named = set()
    for path in (ROOT / "src" / "sonica").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named |= set((re.fullmatch(r"_?SONICA_[A-Z_]+", node.value) and [node.value]) or [])
    assert "SONICA_HOME" in named
    page = kept("settings.md")
    assert {name for name in named - OF_SHELLS if f"`{name}`" not in page} == set()


# --- metrics ----------------------------------------------------------------------------------------


def test_of_every_metric_somebody_has_said_when_to_worry() -> None:
    assert reference_metrics.without_words() == [], "say it in scripts/worries.toml"
    said, there = reference_metrics.words(), {metric.name for metric in reference_metrics.metrics()}
    assert set(said) == there, "scripts/worries.toml speaks of metrics that are not there"
    for name, words in said.items():
        assert len(words.split()) > 5, name
        assert words.endswith("."), name


def test_a_metric_without_words_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    words = tmp_path / "worries.toml"
    words.write_text('sonica_jobs = ""\n')
    monkeypatch.setattr(reference_metrics, "WORDS", words)
    silent = reference_metrics.without_words()
    assert {"sonica_jobs", "sonica_recognitions_total", "sonica_look_seconds"} <= set(silent)


def test_metrics_have_their_labels_and_buckets() -> None:
    by_name = {metric.name: metric for metric in reference_metrics.metrics()}
    looks = by_name["sonica_look_seconds"]
    assert (looks.kind, looks.labels) == ("histogram", ("status",))
    assert looks.buckets[0] == 0.005
    assert looks.buckets[-1] == 10
    assert by_name["sonica_http_requests_total"].labels == ("method", "route", "status")
    assert by_name["sonica_jobs"].buckets == ()


def test_metrics_that_pages_name_are_there() -> None:
    there = {metric.name for metric in reference_metrics.metrics()}
    counted = {f"{name}{end}" for name in there for end in ("_bucket", "_sum", "_count")}
    pages = [path.read_text() for path in (ROOT / "docs").rglob("*.md")]
    pages.append((ROOT / "scripts" / "worries.toml").read_text())
    named = {name for text in pages for name in re.findall(r"(?<![#\w/])sonica_[a-z_]+(?=[`{\[) ])", text)}
    assert len(named) > 20
    assert named <= there | counted


# --- commands and errors ----------------------------------------------------------------------------


def test_every_command_has_its_section() -> None:
    page = kept("commands.md")
    names = list(reference_commands.names())
    assert {f"sonica {name}" for name in COMMANDS} < set(names)
    assert "sonica songs list" in names
    for name in names:
        assert f"### `{name}`\n" in page, name


def test_every_code_that_a_part_states_is_on_the_page() -> None:
    page = kept("errors.md")
    stated = {*HINTS, *get_args(CatalogueErrorCode)}
    passed_on = {"version"}  # of a pack, told by the engine
    assert {code for code in stated - passed_on if f"| `{code}` |" not in page} == set()
    assert [name for name in TITLES if f"\n### `{name}`\n" not in page] == []


def test_what_an_error_says_is_read_from_its_place() -> None:
    said = {(one.code, one.message): one.hint for one in reference_errors.raised()}
    assert said["no_stream", "This is an HLS playlist, which is not read here."]
    assert said["address_taken", "Sonica cannot listen at …:… (…)."].startswith("Choose another")
    assert (
        said["too_small", "Not one song fits into … bytes."] == "Let it be larger, or take the lite profile."
    )
    assert all(hint.strip("… ") or not hint for hint in said.values())
