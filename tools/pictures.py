"""Take the pictures of the docs anew: a story of the demo with numbered marks, as a reader sees it.

pictures.py             docs/pictures/story-marked.png
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.browser.conftest import CHROMIUM, FLAGS  # noqa: E402
from tests.browser.paper import open_demo  # noqa: E402

#: Number → where its mark goes: the first of these that is on the page. README explains the same numbers.
MARKS: list[tuple[str, ...]] = [
    ("h1",),
    (".sf-standfirst",),
    (".sf-facts > div",),
    (".sf-facts__changed", ".sf-facts > div:nth-of-type(4)", ".sf-facts > div:last-of-type"),
    (".sf-top__lead figcaption", "figcaption"),
    (".sf-run p", ".sf-run"),
    ("#sources",),
    ("#wrong",),
    ("#related",),
    ("#support",),
    (".sf-footer", "footer"),
]
#: Where the second column of the picture begins: the story's end stands beside its beginning.
BREAK = "#sources"
WIDTH = 1180
#: The first story the front page leads to is the lead.
LEAD = re.compile(r'href="(/\d{4}/[^"]+)"')

DRAW = """places => places.map((choices, index) => {
    const element = choices.map(c => document.querySelector(c)).find(e => e && e.getClientRects().length);
    if (!element) return choices[0];
    const box = element.getBoundingClientRect();
    const mark = document.createElement('div');
    mark.textContent = index + 1;
    Object.assign(mark.style, {position: 'absolute', left: `${Math.max(4, box.left + scrollX - 34)}px`,
        top: `${box.top + scrollY + Math.min(4, box.height / 2)}px`, width: '26px', height: '26px',
        borderRadius: '50%', background: '#c2002f', color: '#fff', font: '700 15px/26px sans-serif',
        textAlign: 'center', zIndex: 9999});
    document.body.append(mark);
    return null;
}).filter(Boolean)"""


def mark(page: Page) -> list[str]:
    """Draw the marks; return the first selector of each place that was not found."""
    return page.evaluate(DRAW, [list(choices) for choices in MARKS])


def side_by_side(page: Image.Image, end: int) -> Image.Image:
    """The page's beginning on the left, its end on the right, in few colours."""
    height = page.height - end
    sheet = Image.new("RGB", (2 * WIDTH + 40, height), "#d7d8d4")
    sheet.paste(page.crop((0, 0, WIDTH, height)), (0, 0))
    sheet.paste(page.crop((0, end, WIDTH, page.height)), (WIDTH + 40, 0))
    sheet.thumbnail((1500, 4000), Image.Resampling.LANCZOS)
    return sheet.quantize(colors=112, kmeans=2, dither=Image.Dither.NONE)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="standfirst-pictures-") as folder, sync_playwright() as playwright:
        paper = open_demo(Path(folder) / "newsroom")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": WIDTH, "height": 900})
            page.goto(paper.url + LEAD.search(paper.get("/").body.decode())[1])
            page.evaluate("document.fonts.ready")
            # Pictures below the fold come when they are near.
            page.evaluate("document.querySelectorAll('img').forEach(img => { img.loading = 'eager'; })")
            page.wait_for_load_state("networkidle")
            lost = mark(page)
            end = page.evaluate("s => document.querySelector(s).getBoundingClientRect().top + scrollY - 24", BREAK)
            shot = page.screenshot(full_page=True)
        finally:
            browser.close()
            paper.stop()
    target = ROOT / "docs" / "pictures" / "story-marked.png"
    target.parent.mkdir(exist_ok=True)
    side_by_side(Image.open(io.BytesIO(shot)).convert("RGB"), int(end)).save(target, optimize=True)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size // 1000} kB")
    if lost:
        print(f"Not found on the page: {', '.join(lost)}", file=sys.stderr)
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
