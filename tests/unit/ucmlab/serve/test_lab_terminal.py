"""Promise: a shell meets a terminal: keys as they were typed, line ends of a tty, and an end when the far end goes."""

import asyncio

from ucmlab.serve.terminal import TYPED_AHEAD_MAX, Terminal


def test_return_is_read_as_a_line_feed_and_a_line_feed_is_shown_as_both() -> None:
    async def play() -> tuple[str, str]:
        shown: list[str] = []
        terminal = Terminal(shown.append)
        terminal.typed("show status\r")
        terminal.write("one\ntwo\n")
        return await terminal.read(), "".join(shown)

    assert ("show status\n", "one\r\ntwo\r\n") == asyncio.run(play())


def test_reading_waits_for_keys() -> None:
    async def play() -> str:
        terminal = Terminal(lambda _: None)
        asyncio.get_running_loop().call_later(0.02, terminal.typed, "q")
        return await terminal.read()

    assert "q" == asyncio.run(play())


def test_what_was_typed_before_the_far_end_went_is_read_first() -> None:
    async def play() -> list[str]:
        terminal = Terminal(lambda _: None)
        terminal.typed("exit\n")
        terminal.hung_up()
        return [await terminal.read(), await terminal.read(), await terminal.read()]

    assert ["exit\n", "", ""] == asyncio.run(play())


def test_a_window_without_a_size_keeps_the_old_one() -> None:
    async def play() -> tuple[int, int]:
        terminal = Terminal(lambda _: None)
        terminal.resize(500, 0)
        return terminal.columns, terminal.rows

    assert (500, 24) == asyncio.run(play())


def test_typing_ahead_has_a_limit() -> None:
    async def play() -> int:
        terminal = Terminal(lambda _: None)
        terminal.typed("x" * (TYPED_AHEAD_MAX + 5))
        return len(await terminal.read())

    assert TYPED_AHEAD_MAX == asyncio.run(play())


def test_a_far_end_that_is_gone_holds_nobody_up() -> None:
    async def play() -> bool:
        terminal = Terminal(lambda _: None)
        terminal.pause()
        waiting = asyncio.ensure_future(terminal.drain())
        await asyncio.sleep(0)
        before = waiting.done()
        terminal.hung_up()
        await waiting
        return before

    assert asyncio.run(play()) is False
