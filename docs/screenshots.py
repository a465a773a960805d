"""Takes the pictures of the committed pages that the README shows, at the sizes of a desk and of a phone.

    python docs/screenshots.py

Needs Debian's `chromium` and the package `playwright`. Writes docs/img/*.png; the same pages give the same pictures on
the same machine, and fonts differ between machines, so no check compares them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
PAGES = {
    "datasheet": "reports/datasets/breast_cancer/datasheet.html",
    "model_card": "reports/models/breast_cancer_logistic/model_card.html",
}
SIZES = {"": (1280, 1400), "-phone": (390, 1400)}
"""End of the file's name to width and height in pixels."""


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("there is no Chromium here\n  Run: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, page in PAGES.items():
            for end, (width, height) in SIZES.items():
                sheet = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
                sheet.goto((ROOT / page).as_uri())
                sheet.screenshot(path=ROOT / "docs" / "img" / f"{name}{end}.png")
                sheet.close()
        browser.close()


if __name__ == "__main__":
    main()
