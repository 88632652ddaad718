"""Tabs that one test after another uses: what Chromium has fetched and compiled of the app, it keeps by tab."""

from __future__ import annotations

from playwright.sync_api import Browser, Error, Page

PATIENCE_MILLISECONDS = 30_000
_BLANK = "about:blank"
_AT_ONCE = """
const style = new CSSStyleSheet();
style.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important; }');
document.adoptedStyleSheets = [style];
"""
"""Without the fading of what is drawn anew, for which Streamlit asks nobody: a fifth of what a click costs."""
_FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"


class Tabs:
    """The tabs of one window of a browser: each is lent to one test at a time, and comes back without a memory."""

    def __init__(self, browser: Browser) -> None:
        # Nothing waits for an animation to end, and drawing one takes half of a core.
        self._context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        self._context.add_init_script(_AT_ONCE)
        self._context.set_default_timeout(PATIENCE_MILLISECONDS)
        self._free: list[Page] = []
        self._lent: list[Page] = []

    def lend(self, *, width: int, theme: str) -> Page:
        """Return an empty tab that is so wide, on a system with that theme."""
        page = self._free.pop() if self._free else self._context.new_page()
        self._lent.append(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        return page

    def take_back(self) -> None:
        """Empty the tabs that were lent, and close those that the app has opened."""
        lent, self._lent = self._lent, []
        for page in self._context.pages:
            if page in lent and _clear(page):
                self._free.append(page)
            elif page not in self._free:
                page.close()
        self._context.clear_cookies()

    def close(self) -> None:
        self._context.close()


def _clear(page: Page) -> bool:
    """Empty a tab; return whether it can be used again."""
    try:
        if page.url != _BLANK:
            page.evaluate(_FORGET)
            page.goto(_BLANK)
        page.mouse.move(0, 0)
    except Error:
        return False
    return True
