"""A page of the app in Chromium, with what must never happen on any page written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page, Request, expect

THEMES = ("light", "dark")
_GROUNDS = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 20, 23)"}
_RUN_ENDED = "[data-testid=stApp][data-test-connection-state=CONNECTED][data-test-script-state=notRunning]"
_NOTHING_PENDING = "() => !document.querySelector('[data-testid=stSkeleton]')"


@dataclass(kw_only=True)
class Screen:
    """A browser page that knows whether it behaved."""

    page: Page
    url: str
    """The server's."""
    foreign: list[str] = field(default_factory=list)
    """Requests to another host than this machine."""
    errors: list[str] = field(default_factory=list)
    """Errors in the browser's console, and exceptions that nobody caught."""

    def __post_init__(self) -> None:
        self.page.on("request", self._note_request)
        self.page.on("console", self._note_message)
        self.page.on("pageerror", self._note_exception)

    def look_away(self) -> None:
        """Write nothing down any more."""
        self.page.remove_listener("request", self._note_request)
        self.page.remove_listener("console", self._note_message)
        self.page.remove_listener("pageerror", self._note_exception)

    def open(self, path: str = "/") -> Page:
        """Go to a path of the app, as a link from elsewhere does, and wait until it is drawn."""
        self.page.goto(self.url + path)
        return self.ready()

    def ready(self) -> Page:
        """Wait until the script has ended and nothing is left to load.

        After a click, wait for what it brings instead: the run may not have begun yet.
        """
        self.page.wait_for_selector(_RUN_ENDED)
        self.page.wait_for_function(_NOTHING_PENDING)
        return self.page

    def switch(self, theme: str) -> None:
        """Give the system another theme, and wait until the page has followed."""
        self.page.emulate_media(color_scheme=theme)
        self.expect_theme(theme)

    def expect_theme(self, theme: str) -> None:
        """Expect that the page is drawn on the ground of a theme."""
        expect(self.page.get_by_test_id("stApp")).to_have_css("background-color", _GROUNDS[theme])

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth"))

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            self.foreign.append(request.url)

    def _note_exception(self, error: Error) -> None:
        self.errors.append(f"uncaught: {error}")

    def _note_message(self, message: ConsoleMessage) -> None:
        # On a deep link Streamlit's frontend tries /PAGE/_stcore/ before /_stcore/, and the browser reports the 404.
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            self.errors.append(message.text)
