"""Make the demo's picture files anew (needs Playwright and a Chromium; only whoever draws runs this).

Usage: ``python -m standfirst.ops.demo.draw [NAME …]``, without a name: all of them.
"""

import io
import sys
from pathlib import Path

from PIL import Image, ImageChops

from standfirst.ops.demo.draw import charts, night, river, rooms, still, town

OUT = Path(__file__).resolve().parent.parent / "pictures"
SCENES = {**river.SCENES, **town.SCENES, **rooms.SCENES, **night.SCENES, **still.SCENES}
GRAPHICS = charts.SCENES


def grain(picture: Image.Image, amount: float) -> Image.Image:
    """Paper texture: soft noise, coarse enough that JPEG keeps it cheaply."""
    noise = Image.effect_noise((picture.width // 2, picture.height // 2), amount).resize(
        picture.size, Image.Resampling.BICUBIC
    )
    return Image.merge("RGB", [ImageChops.add(band, noise, 1, -128) for band in picture.split()])


def main(names: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    everything = {**SCENES, **GRAPHICS}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        for name in names or sorted(everything):
            svg = everything[name]()
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{svg}")
            shot = page.locator("svg").screenshot()
            picture = Image.open(io.BytesIO(shot)).convert("RGB")
            if name in GRAPHICS:
                target = OUT / f"{name}.png"
                picture.quantize(96, dither=Image.Dither.NONE).save(target, optimize=True)
            else:
                target = OUT / f"{name}.jpg"
                grain(picture, 1.1).save(target, quality=62, optimize=True, progressive=True)
            print(f"{target.name}: {target.stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
