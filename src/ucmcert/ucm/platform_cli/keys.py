"""What is typed at a node: the keys, and the check that a text is safe to type. Source: interfaces-cli.md 1.2, 2.4."""

from ucmcert.errors import UsageError

ENTER = "\n"
CTRL_C = "\x03"
END_OF_INPUT = "\x04"
PAGER_KEYS = {"page": " ", "file_page": "q"}
# How a paste ends is not published (interfaces-cli.md 2.4). Enter after the last line; then, only while the node stays
# silent (seconds), once more (a blank line), and at last the end of input. At the prompt all three are harmless.
PASTE_ENDINGS = ((10.0, ENTER), (20.0, END_OF_INPUT))


def check_typable(text: str, where: str) -> None:
    """Raises UsageError UCM-CLI-020 when a key of `text` would do something at the prompt (TAB and ? complete)."""
    if not text.strip() or not text.isprintable() or "?" in text:
        raise UsageError(
            "UCM-CLI-020",
            f"this cannot be typed at the prompt: {text!r}",
            where=where,
            why="control characters, TAB and ? act at once, whatever follows",
            next="do this one by hand on the web page",
        )
