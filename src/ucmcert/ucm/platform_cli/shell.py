"""One session of the platform CLI: types one command at a time and brings back its whole answer, or says it cannot.

Success is never inferred here: a shell tells an answer from a refusal, a broken line and a time-out, nothing more.
After a time-out, a cancellation or a broken line it is `broken` for good, because a late answer would be taken for the
next one's. Source: interfaces-cli.md 1 and 7.
"""

import asyncio
from contextlib import suppress
from typing import NoReturn

from ucmcert.errors import OutcomeUnknown, Refused
from ucmcert.model.ports import Clock, Terminal
from ucmcert.ucm.platform_cli.inbox import Heard, Inbox, TooMuchText
from ucmcert.ucm.platform_cli.keys import CTRL_C, ENTER, PAGER_KEYS, PASTE_ENDINGS, check_typable
from ucmcert.ucm.platform_cli.questions import QUIET_S, Answer, Waiting, told, what_waits
from ucmcert.ucm.platform_cli.refusals import raise_if_refused
from ucmcert.ucm.platform_cli.screen import (
    Messages,
    after_echo,
    answer_of,
    cut_by_file_pager,
    left_over,
    lines_drawn,
    uncontrolled,
    without_pasted,
)

CLOSED = "it was closed"
MOST_QUESTIONS = 5
OPEN_S = 120.0
PAGINATION_S = 60.0
GREETING_QUIET_S = 0.5
BEFORE_TYPING_S = 0.5
NO_ECHO_S = 5.0
BACK_OUT_S = 20.0


class Shell:
    """An open session at its prompt. `banner` is what the node said before the first prompt.

    `prompt_quiet_s`: how long a prompt must stand there before it counts; questions always get their usual time.
    """

    def __init__(
        self, terminal: Terminal, clock: Clock, *, where: str, prompt_quiet_s: float = QUIET_S["prompt"]
    ) -> None:
        self._terminal = terminal
        self._clock = clock
        self._inbox = Inbox(terminal)
        self._quiet_s = {**QUIET_S, "prompt": prompt_quiet_s}
        self._one_at_a_time = asyncio.Lock()
        self._broken = ""
        self.where = where
        self.banner = ""

    @classmethod
    async def open(
        cls,
        terminal: Terminal,
        clock: Clock,
        *,
        where: str,
        timeout_s: float = OPEN_S,
        prompt_quiet_s: float = QUIET_S["prompt"],
    ) -> "Shell":
        """Wait for the first prompt and switch the pager off. The terminal is hung up when that fails.

        Raises: OutcomeUnknown UCM-CLI-001 to -004 (`sent` False); Refused UCM-CLI-014 when the log-in asks something.
        """
        shell = cls(terminal, clock, where=where, prompt_quiet_s=prompt_quiet_s)
        try:
            await shell._greet(timeout_s)
            with suppress(Refused):  # a release that cannot: each page is then asked for
                await shell.ask("set cli pagination off", timeout_s=PAGINATION_S)
        except OutcomeUnknown as error:
            await shell.close()
            raise OutcomeUnknown(error.code, error.what, where=where, why=error.why, sent=False) from error
        except BaseException:
            await shell.close()
            raise
        return shell

    @property
    def broken(self) -> bool:
        """This session answers nothing any more; open another one."""
        return bool(self._broken or self._inbox.ended)

    async def close(self) -> None:
        """Hang up. A second time does nothing."""
        first = self._broken != CLOSED
        self._broken = CLOSED
        self._inbox.stop(CLOSED)
        if first:
            await self._terminal.close()

    async def ask(self, command: str, *, timeout_s: float, answers: tuple[Answer, ...] = ()) -> str:
        """Type one command; its answer without echo, prompt, pager, redraws and other people's messages.

        Yes/no questions are answered as `answers` say; any other question is answered no, or interrupted.
        Raises: OutcomeUnknown UCM-CLI-001 time-out, -002 line lost, -003 garbled or cut off, -004 the node reboots;
        Refused UCM-CLI-010 to -012 (1.3), -014 unexpected question; UsageError UCM-CLI-020 for what cannot be typed.
        """
        return await self._converse(command, timeout_s, answers, "")

    async def paste(self, command: str, text: str, *, timeout_s: float, answers: tuple[Answer, ...] = ()) -> str:
        """Type `command`, wait for the invitation to paste, and paste `text`. Raises as `ask` does."""
        return without_pasted(await self._converse(command, timeout_s, answers, text.strip()), text)

    async def _greet(self, timeout_s: float) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                waits = await self._first_stop()
        except TimeoutError as error:
            raise self._unknown("UCM-CLI-001", "no prompt", f"none within {timeout_s:g} s") from error
        except TooMuchText as error:
            raise self._unknown("UCM-CLI-003", "no prompt", "the banner does not end") from error
        self.banner = left_over(self._inbox.text).text
        if waits.kind != "prompt":
            raise self._asked_unexpectedly("log-in", waits.text)
        self._inbox.clear()

    async def _first_stop(self) -> Waiting:
        while True:
            waits = what_waits(self._inbox.tail)
            heard = await self._inbox.more(GREETING_QUIET_S if waits else None)
            if heard is Heard.END:
                self._lost(sent=False)
            if heard is Heard.QUIET and waits:
                return waits

    async def _converse(self, command: str, timeout_s: float, answers: tuple[Answer, ...], text: str) -> str:
        check_typable(command, self.where)
        async with self._one_at_a_time:
            await self._take_stock()
            try:
                async with asyncio.timeout(timeout_s):
                    await self._type(command + ENTER, first=True)
                    unexpected = await self._until_prompt(command, answers, text)
            except TimeoutError as error:
                self._broken = f"it timed out in `{command}`"
                why = f"nothing final within {timeout_s:g} s; its last words: {self._last_words()}"
                raise self._unknown("UCM-CLI-001", f"no answer in time to: {command}", why) from error
            except TooMuchText as error:
                self._broken = f"`{command}` never stopped talking"
                raise self._unknown("UCM-CLI-003", f"endless answer to: {command}", "it passed our limit") from error
            except BaseException:
                self._broken = self._broken or f"`{command}` was left in the middle"
                raise
            finally:
                if self._broken:
                    self._inbox.stop(self._broken)
            raw = self._inbox.text
            self._inbox.clear()
        return self._judged(command, raw, unexpected)

    async def _take_stock(self) -> None:
        """Before typing: nothing but prompts may have come since the last answer."""
        try:
            heard = Heard.END if self._broken else await self._inbox.more(0)
            while heard is Heard.MORE:
                heard = await self._inbox.more(0)
        except TooMuchText:
            self._broken = "it talks without being asked"
            heard = Heard.END
        if heard is Heard.END:
            self._lost(sent=False)
        late = left_over(self._inbox.text)
        self._inbox.clear()
        if late.reboot:
            raise self._unknown("UCM-CLI-004", "the node announces its reboot", late.reboot, sent=False)
        if late.text:
            self._broken = "it is out of step"
            why = f"unasked for came: {late.text[-200:]}"
            raise self._unknown("UCM-CLI-003", "the session is out of step", why, sent=False)

    async def _until_prompt(self, command: str, answers: tuple[Answer, ...], text: str) -> str:
        """Go on until the prompt stands there; the unexpected question that was met on the way, or ""."""
        endings: list[tuple[float, str]] = []
        while True:
            waits = what_waits(self._inbox.tail)
            patience_s = self._quiet_s[waits.kind] if waits else (endings[0][0] if endings else None)
            heard = await self._inbox.more(patience_s)
            if heard is Heard.MORE:
                continue
            if waits and waits.kind == "prompt":
                if await self._echoed(command):
                    return ""
            elif heard is Heard.END:
                self._lost(sent=True)
            elif waits is None:
                await self._type(endings.pop(0)[1])
            elif waits.kind == "paste" and text:
                self._inbox.seen()
                await self._type(text + ENTER)
                text, endings = "", list(PASTE_ENDINGS)
            elif not await self._answered(waits, answers):
                return waits.text

    async def _echoed(self, command: str) -> bool:
        """Whether the prompt is this command's. Without the echo it is an old one, drawn late: wait for ours."""
        if after_echo(uncontrolled(self._inbox.text), command) is not None:
            return True
        heard = await self._inbox.more(NO_ECHO_S)
        if heard is Heard.END:
            self._lost(sent=True)
        if heard is Heard.MORE:
            return False
        why = f"a prompt came back, but not the command that was typed; the last words: {self._last_words()}"
        raise self._unknown("UCM-CLI-003", f"garbled answer to: {command}", why)

    async def _answered(self, waits: Waiting, answers: tuple[Answer, ...]) -> bool:
        """Press the key that is wanted. False for a question nobody told the answer to: then it was declined."""
        self._inbox.seen()
        if waits.kind in PAGER_KEYS:
            await self._type(PAGER_KEYS[waits.kind])
            return True
        word = told(waits, answers)
        await self._clock.sleep(BEFORE_TYPING_S)
        if word is not None:
            await self._type(word + ENTER)
            return True
        await self._type(waits.form(False) + ENTER if waits.kind == "yes_no" else CTRL_C)
        await self._back_at_prompt(waits.text)
        return False

    async def _back_at_prompt(self, question: str) -> None:
        for _ in range(MOST_QUESTIONS):
            waits, heard = None, Heard.MORE
            while heard is Heard.MORE:
                waits = what_waits(self._inbox.tail)
                heard = await self._inbox.more(self._quiet_s[waits.kind] if waits else BACK_OUT_S)
            if heard is Heard.END:
                self._lost(sent=True)
            if waits and waits.kind == "prompt":
                return
            self._inbox.seen()
            await self._type(CTRL_C)
        raise self._unknown("UCM-CLI-003", "the node does not come back from its question", question)

    async def _type(self, text: str, *, first: bool = False) -> None:
        try:
            await self._terminal.write(text)
        except OutcomeUnknown as error:
            self._inbox.stop(error.why)
            self._lost(sent=error.sent or not first)

    def _judged(self, command: str, raw: str, unexpected: str) -> str:
        messages = answer_of(raw, command) or Messages(text="")
        if unexpected:
            raise self._asked_unexpectedly(command, messages.text or unexpected)
        if messages.reboot:
            raise self._unknown("UCM-CLI-004", "the node announces its reboot", messages.reboot)
        raise_if_refused(messages.text, command, self.where)
        if messages.open_ended:
            why = "a message to all users stands in the middle of it, and where that ends cannot be told"
            raise self._unknown("UCM-CLI-003", f"garbled answer to: {command}", why)
        if cut_by_file_pager(raw):
            raise self._unknown("UCM-CLI-003", f"cut off answer to: {command}", "it was left at a page of the viewer")
        return messages.text

    def _asked_unexpectedly(self, command: str, text: str) -> Refused:
        return Refused(
            "UCM-CLI-014",
            f"the node asked a question nobody foresaw: {command}",
            where=self.where,
            why="it was declined; ucmcert answers only what it knows",
            next="type the command by hand, read the question, and report its words",
            answer=text,
        )

    def _lost(self, *, sent: bool) -> NoReturn:
        why = self._broken or self._inbox.ended
        self._broken = why
        raise self._unknown("UCM-CLI-002", "the command-line session is gone", why, sent=sent)

    def _unknown(self, code: str, what: str, why: str, *, sent: bool = True) -> OutcomeUnknown:
        return OutcomeUnknown(code, what, where=self.where, why=why, sent=sent)

    def _last_words(self) -> str:
        return lines_drawn(uncontrolled(self._inbox.tail)).strip()[-120:] or "none"
