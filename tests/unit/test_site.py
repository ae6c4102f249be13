"""The site of the documents: it can be built, links lead somewhere, and nothing comes from elsewhere."""

import re
import shutil
from pathlib import Path

import docs
import pages
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return docs.build(ROOT, tmp_path_factory.mktemp("site"))


def test_every_page_is_there_and_whole(site: Path) -> None:
    documents = [path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*.md")]
    for path in documents:
        if path.name != "template.md":
            name = path.with_name("index.html") if path.name == "README.md" else path.with_suffix(".html")
            assert (site / name).is_file(), path
    assert list(pages.broken_links(site)) == []
    assert list(pages.loads_from_elsewhere(site)) == []


def test_the_navigation_leads_to_every_page_of_docs(site: Path) -> None:
    start = pages.read(site / "index.html")
    linked = {(site / link.partition("#")[0]).resolve() for link in start.links if "://" not in link}
    ours = {
        page for page in site.rglob("*.html") if "repository" not in page.parts and page.name != "404.html"
    }
    assert {page.relative_to(site).as_posix() for page in ours - linked} == set()


def test_the_three_find_their_way_in_one_click(site: Path) -> None:
    text = re.sub(r"<nav\b.*?</nav>", "", (site / "index.html").read_text(), flags=re.DOTALL)
    assert {"listener.html", "operating/install.html", "reference/api.html"} <= set(
        re.findall(r'href="([^"#]+)"', text)
    )


def test_what_pages_link_to_in_the_repository_comes_along(site: Path) -> None:
    assert (site / "repository/bench/results/report-set/noise.svg").is_file()
    assert "<table" in (site / "repository/bench/results/scale/index.html").read_text()
    listing = pages.read(site / "repository/bench/results/report-set/index.html")
    assert "rows.csv" in listing.links
    assert (site / "repository/bench/music.csv").read_bytes() == (ROOT / "bench/music.csv").read_bytes()


def test_it_can_be_searched(site: Path) -> None:
    assert "SONICA_TRUSTED_PROXIES" in (site / "search.json").read_text()


# --- what is wrong is found -------------------------------------------------------------------------


def small(root: Path, page: str) -> Path:
    """A checkout with a front page and one decision."""
    for path in docs.ALSO:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("# Beside\n")
    (root / "docs/decisions").mkdir(parents=True)
    (root / "docs/decisions/README.md").write_text("# Decisions\n\n## One\n")
    (root / "docs/index.md").write_text(page)
    (root / "docs/site.css").write_text("")
    said = (ROOT / docs.CONFIGURATION).read_text()
    nav = re.compile(r"^nav = \[.*?^\]", re.MULTILINE | re.DOTALL)
    (root / docs.CONFIGURATION).write_text(nav.sub('nav = ["index.md", "decisions/index.md"]', said))
    return root


def test_good_links_pass(tmp_path: Path) -> None:
    links = "[a](decisions/README.md#one), [b](../bench/), [c](../CHANGELOG.md)"
    page = f"# Start\n\n{links}\n\n```\n[d](none.md)\n```\n"
    built = docs.build(small(tmp_path, page), tmp_path)
    assert {"decisions/index.html#one", "repository/bench/index.html", "repository/CHANGELOG.html"} <= set(
        pages.read(built / "index.html").links
    )


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("missing.md", "missing.md leads nowhere"),
        ("../bench/none.csv", "none.csv leads nowhere"),
        ("../../outside.md", "outside.md leads nowhere"),
        ("decisions/README.md#two", "anchor does not exist"),
        ("#nowhere", "anchor does not exist"),
    ],
)
def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path, link: str, told: str) -> None:
    with pytest.raises(docs.DocsError, match=re.escape(told)):
        docs.build(small(tmp_path, f"# Start\n\n[there]({link})\n"), tmp_path)


@pytest.mark.parametrize(
    "made",
    [
        '<script src="https://other.example/a.js"></script>',
        '<link rel="stylesheet" href="//other.example/a.css">',
        '<img alt="" src="https://other.example/a.png">',
        '<img alt="" srcset="a.png 1x, https://other.example/a.png 2x">',
        "<style>p { background: url(https://other.example/a.png) }</style>",
        "<p style=\"background: url('//other.example/a.png')\">",
    ],
)
def test_a_page_that_loads_from_elsewhere_is_found(tmp_path: Path, made: str) -> None:
    (tmp_path / "index.html").write_text(f"<html><head></head><body>{made}</body></html>")
    pages.mend(tmp_path)
    assert ["loads" in one for one in pages.loads_from_elsewhere(tmp_path)] == [True]


def test_a_style_that_loads_from_elsewhere_and_a_page_without_policy_are_found(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<html><head></head></html>")
    (tmp_path / "a.css").write_text("@import 'https://other.example/font.css';\n")
    assert len(list(pages.loads_from_elsewhere(tmp_path))) == 2


def test_a_link_of_the_built_site_is_followed(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<a href="b.html#there">1</a><a href="b.html#none">2</a><a href="c.html">3</a>'
    )
    (tmp_path / "b.html").write_text('<p id="there">')
    assert list(pages.broken_links(tmp_path)) == [
        "index.html: b.html#none has no such place",
        "index.html: c.html leads nowhere",
    ]


def test_the_build_leaves_nothing_of_the_one_before(tmp_path: Path) -> None:
    root = small(tmp_path, "# Start\n\n[c](../CHANGELOG.md)\n")
    docs.build(root, tmp_path)
    (root / "docs/old.md").write_text("# Old\n")
    docs.build(root, tmp_path)
    (root / "docs/old.md").unlink()
    shutil.rmtree(root / "build/docs")
    assert not (docs.build(root, tmp_path) / "old.html").exists()
