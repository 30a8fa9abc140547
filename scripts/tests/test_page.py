"""The page in a real browser: no error, no request, filters, sorting, tooltips; a hostile report runs nothing."""

import json
import shutil

import pytest
from plots_need import DRAWING, GOLDEN, STUDY, need, skip

need("playwright", *DRAWING)
BROWSER = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
if BROWSER is None:
    skip("chromium")

import report_book
from playwright.sync_api import sync_playwright

from kvreport import report_command

HOSTILE = '<img src=x onerror="document.title=1"></script><script>document.title="ran"</script>{{ 7 * 7 }}'


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=BROWSER)
        yield started
        started.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    out = tmp_path_factory.mktemp("page") / "page.html"
    assert report_command.main([str(GOLDEN / "quick.json.gz"), "--out", str(out)]) == 0
    assert out.stat().st_size < 5_000_000
    return out


def open_page(browser, path, **how):
    """A page with what it said and asked for beyond itself."""
    page = browser.new_page(**how)
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    page.asked = [url for url in page.asked if url != path.as_uri() and not url.startswith("data:")]
    return page


@pytest.fixture
def page(browser, page_file):
    opened = open_page(browser, page_file)
    yield opened
    opened.close()


def test_it_opens_without_an_error_or_a_request(page):
    assert page.said == [] and page.asked == []
    assert page.locator("h1").count() == 1
    assert page.locator("svg.sheet").count() >= 6
    assert page.locator("svg.sheet:not([aria-label])").count() == 0


@pytest.mark.parametrize("name", ["standard", "crossover"])
def test_the_pages_of_the_study_open_and_filter(browser, tmp_path, name):
    path = tmp_path / "page.html"
    assert report_command.main([str(STUDY / f"{name}.json.gz"), "--out", str(path)]) == 0
    assert path.stat().st_size < 5_000_000
    page = open_page(browser, path, viewport={"width": 1280, "height": 900})
    assert page.said == [] and page.asked == []
    last = page.locator("section.scenario").last.get_attribute("data-scenario")
    page.select_option("#scenario-filter", last)
    assert page.locator("section.scenario:visible").count() == 1
    for table in page.locator(".scroll:visible").all():
        assert table.evaluate("of => of.scrollWidth - of.clientWidth") == 0, table.locator("caption").inner_text()
    page.close()


def test_the_scenario_filter_leaves_one(page):
    page.select_option("#scenario-filter", "hot-get")
    shown = [of.get_attribute("data-scenario") for of in page.locator("section.scenario").all() if of.is_visible()]
    assert shown == ["hot-get"]
    page.select_option("#scenario-filter", "")
    assert all(of.is_visible() for of in page.locator("section.scenario").all())


def test_the_contender_filter_takes_its_rows_away_and_dims_its_marks(page):
    page.uncheck('input[name="contender"][value="threads"]')
    assert not any(of.is_visible() for of in page.locator('tr[data-contender="threads"]').all())
    others = page.locator('section.scenario tr[data-contender="async"]:not(details *)').all()  # those of a closed one are hidden
    assert others and all(of.is_visible() for of in others)
    assert page.locator('svg [data-contender="threads"]:not(.dimmed)').count() == 0


def test_a_click_sorts_by_the_number_and_another_turns_it_round(page):
    table = page.locator("section.scenario table.sortable").first
    column = table.locator("thead th").all_inner_texts().index("RPS")
    heading = table.locator("thead th").nth(column)
    for order in ("ascending", "descending"):
        heading.locator("button").click()
        assert heading.get_attribute("aria-sort") == order
        values = [float(of.get_attribute("data-sort")) for of in table.locator(f"tbody td:nth-child({column + 1})").all()]
        assert values == sorted(values, reverse=order == "descending") and len(values) > 1


def test_the_table_has_the_medians_of_the_report(page):
    medians = {of["median"] for of in report_book.read(GOLDEN / "quick.json.gz")["summary"] if of["metric"] == "throughput_rps"}
    found = {float(of.get_attribute("data-sort")) for of in page.locator('section.scenario td[title^="throughput_rps "]').all()}
    assert found == medians


def test_focus_shows_the_number_of_a_mark(page):
    mark = page.locator('svg .mark[tabindex="0"]').first
    mark.focus()
    assert page.locator("#tip").inner_text().split() == mark.get_attribute("aria-label").split()
    page.keyboard.press("Escape")
    assert page.locator("#tip").is_hidden()


def test_dark_and_print_have_colours_of_their_own(browser, page_file):
    colours = set()
    for scheme in ("light", "dark"):
        page = open_page(browser, page_file, color_scheme=scheme)
        colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.emulate_media(media="print")
        assert page.locator("#filters").is_hidden()
        page.close()
    assert len(colours) == 2


def test_five_thousand_trials_make_a_page_that_can_be_sent(tmp_path):
    tree = report_book.read(GOLDEN / "quick.json.gz")
    of_run, blocks = tree["trials"], max(trial["block"] for trial in tree["trials"])
    runs = -(-5000 // len(of_run))
    tree["trials"] = [trial | {"block": trial["block"] + run * blocks} for run in range(runs) for trial in of_run]
    (tmp_path / "r.json").write_text(json.dumps(tree), encoding="utf-8")
    assert report_command.main([str(tmp_path / "r.json"), "--out", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"of {len(of_run) * runs:,} trials are invalid" in page
    assert len(page.encode()) < 5_000_000


@pytest.mark.parametrize(("media", "width"), [("screen", 1280), ("print", 680)])  # of A4, at 96 dots an inch, 18 cm
def test_no_table_is_wider_than_its_page(browser, page_file, media, width):
    page = open_page(browser, page_file, viewport={"width": width, "height": 900})
    page.emulate_media(media=media)
    tables = page.locator(".scroll:not(details *)").all()
    assert len(tables) >= 4
    for table in tables:
        assert table.evaluate("of => of.scrollWidth - of.clientWidth") == 0, table.locator("caption").inner_text()
    page.close()


def test_strings_of_a_report_run_nothing(browser, tmp_path):
    tree = report_book.read(GOLDEN / "quick.json.gz")
    tree["suite"]["title"] = HOSTILE
    tree["run"]["notes"] = [HOSTILE]
    for scenario in tree["suite"]["scenarios"]:
        scenario["question"] = HOSTILE
    (tmp_path / "r.json").write_text(json.dumps(tree), encoding="utf-8")
    assert report_command.main([str(tmp_path / "r.json"), "--out", str(tmp_path / "page.html")]) == 0
    page = open_page(browser, tmp_path / "page.html")
    assert page.said == [] and page.asked == []
    assert page.title().startswith("quick: ")
    assert page.locator("h1").inner_text() == HOSTILE
    page.close()
