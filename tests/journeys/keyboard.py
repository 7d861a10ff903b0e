"""A person without a mouse: Tab, Enter, Space, arrows and letters, and a look at where the focus is."""

from tests.journeys.window import Window

MOST_TABS = 120
FOCUS = """() => {
    const one = document.activeElement, seen = one.closest('label') ?? one, box = seen.getBoundingClientRect();
    const isRing = (style) => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const isMarked = [one, seen, one.closest('form'), ...seen.children].filter(Boolean)
        .some((part) => isRing(getComputedStyle(part)) || isRing(getComputedStyle(part, '::after')));
    const isSeen = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return {html: one.outerHTML.slice(0, 120), isMarked, isSeen};
}"""
"""The ring may be drawn around the control, its label, what stands in for it, or the form that is one field."""


class Keyboard:
    """`groups` counts what a person thinks of as one step: moving to a control and using it."""

    def __init__(self, window: Window) -> None:
        self.window, self.page, self.groups = window, window.page, 0

    def move_to(self, selector: str) -> None:
        """Tab until a control that the selector names has the focus; it must be marked and on the screen."""
        passed = []
        for _ in range(MOST_TABS):
            if self.page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                break
            self.page.keyboard.press("Tab")
            passed.append(self.page.evaluate("document.activeElement.outerHTML.slice(0, 60)"))
        else:
            raise AssertionError(f"Tab never reaches {selector}; it went through {passed}")
        focus = self.page.evaluate(FOCUS)
        assert focus["isMarked"], f"nobody sees that this has the focus: {focus['html']}"
        assert focus["isSeen"], f"this has the focus outside the screen: {focus['html']}"

    def press(self, selector: str, key: str = "Enter") -> None:
        self.move_to(selector)
        self.page.keyboard.press(key)
        self.groups += 1

    def type_into(self, selector: str, text: str) -> None:
        self.move_to(selector)
        self.page.keyboard.type(text)
        self.groups += 1
