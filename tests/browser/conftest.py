"""A real browser before a real newsroom: Debian's Chromium and the demo, served as `make run` does."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.browser.paper import Paper, open_demo

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
AXE = Path(__file__).resolve().parents[2] / "tools" / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: WCAG 2.2 AA and everything below it.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def paper(tmp_path_factory) -> Paper:
    """The demo newsroom, shared by all browser tests. What a test writes there must disturb no other."""
    paper = open_demo(tmp_path_factory.mktemp("demo") / "newsroom")
    yield paper
    paper.stop()


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.fail("Chromium was not found. On Debian: apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One person's browser, and what it asked for and complained about."""

    context: BrowserContext
    page: Page
    home: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(self.home + path, wait_until="load")
        return self.page

    @property
    def foreign_requests(self) -> list[str]:
        own = (self.home, "data:", "blob:", "about:")
        return [url for url in self.requests if not url.startswith(own)]

    def axe(self) -> list[str]:
        """Every violation of WCAG 2.2 AA on the open page, one line each."""
        # Evaluated through the debugger: the page's own policy allows no foreign script.
        self.page.evaluate(AXE.read_text())
        result = self.page.evaluate(
            "values => axe.run(document, {runOnly: {type: 'tag', values}, resultTypes: ['violations']})",
            RULES,
        )
        return [
            f"{violation['id']}: {node['html'][:160]} ({'; '.join(map(why, node['any']))})"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]


def why(check: dict) -> str:
    return check["message"] + (f" {json.dumps(check['data'])[:200]}" if check.get("data") else "")


@pytest.fixture
def visit(chromium, paper):
    """Make visitors: `visit(width=360, dark=True, touch=True, script=False, language="uk-UA")`."""
    contexts = []

    def new(
        *,
        width: int = 1280,
        dark: bool = False,
        touch: bool = False,
        script: bool = True,
        language: str = "en-GB",
        connection: str = "",
    ) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 800 if width > 500 else 740},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            is_mobile=touch,
            java_script_enabled=script,
            locale=language,
            timezone_id="Europe/Kyiv",
            reduced_motion="reduce",
            extra_http_headers={"X-Forwarded-For": connection} if connection else {},
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        visitor = Visitor(context=context, page=context.new_page(), home=paper.url)
        visitor.page.on("request", lambda request: visitor.requests.append(request.url))
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitor.page.on(
            "console",
            lambda said: said.type == "error" and visitor.complaints.append(f"{said.text} {said.location}"),
        )
        return visitor

    yield new
    for context in contexts:
        context.close()
