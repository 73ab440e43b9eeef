"""One step: observe, act, verify. The only place where a step is driven, whatever its kind.

How it works: look first, and if it shows, record that and go on. Ask the safety rules on the facts just seen. Append
`Intended` durably, act once, append what came back, then look until it shows. A lost answer is doubt, never failure:
it is observed again, and repeated only when it still does not show after the settling time. What stays unclear, or is
not as approved, ends in a Hold for the whole run.
"""

from collections.abc import Awaitable, Callable

from ucmcert.errors import OutcomeUnknown, Refused, UsageError
from ucmcert.model.event import Acted, Doubted, Held, Intended, Verified, Waiting
from ucmcert.model.plan import Step, StepKind
from ucmcert.model.ports import Random
from ucmcert.plan.rules import ask
from ucmcert.run.accepted import weighed
from ucmcert.run.before_act import PASSING, UNCLEAR, closed_gates, look_again, open_now, signed_off, standing
from ucmcert.run.context import Context
from ucmcert.run.kinds import KINDS, Kind
from ucmcert.run.observation import Done, Observation, Outside, Surprise, Todo, Unclear
from ucmcert.run.surprises import finding, from_error

HARMLESS_TWICE = frozenset({StepKind.TRUST_UPLOAD, StepKind.CSR_SIGN})
WAIT_FOR_PHONES = frozenset({StepKind.PHONES_QUIET, StepKind.PHONES_RESET, StepKind.PHONES_GATE})
HELD_ELSEWHERE = "another step of this run is held"
Gate = Callable[[Step], Awaitable[Outside | None]]


class Hold(Exception):
    """The run stops here; the reason is in the ledger."""


class Wait(Exception):
    """The run waits for somebody outside; the reason is in the ledger."""


class StepDriver:
    """Drives steps of one run. `gate` is asked before the first act of a step (windows); None opens it."""

    def __init__(self, context: Context, random: Random, gate: Gate) -> None:
        self._context = context
        self._random = random
        self._gate = gate

    async def carry_out(self, step: Step) -> None:
        """Bring `step` to Verified. Raises Hold or Wait with the reason recorded."""
        kind = KINDS[step.kind]
        attempts, unsent_since, doubt = 0, None, ""
        seen = await self._look(step, kind, self._patience(step), stop_at_a_hold=True)
        while isinstance(seen, Todo):
            closed = await self._gate(step)
            if closed is not None:
                self._wait(step, closed)
            await self._may_act(step, attempts, doubt)
            self._record(Intended, step, attempt=attempts + 1, baseline=seen.baseline)
            lost = await self._act(step, kind)
            doubt = f"{lost.what}: {lost.why}" if lost else doubt
            if lost is not None and not lost.sent:
                unsent_since = await self._pause_unsent(step, lost, unsent_since)
            else:
                attempts, unsent_since = attempts + 1, None
            seen = await self._verify(step, kind, lost=lost)
        if isinstance(seen, Done):
            facts, proof = seen.facts, seen.evidence
            self._record(Verified, step, evidence=proof, facts=facts, skipped=attempts == 0)

    async def _pause_unsent(self, step: Step, lost: OutcomeUnknown, since: float | None) -> float:
        """Nothing left us: wait a little before the next try. When it began. Raises Hold when patience is over."""
        context = self._context
        since = context.clock.now() if since is None else since
        if context.clock.now() - since >= self._patience(step):
            why = f"{lost.what}: {lost.why}"
            self._hold(step, Surprise(finding=finding("UCM-RUN-018", step.node, step=step.id, seen=why)))
        await self._pause(context.limits.poll_last_s)
        return since

    async def _act(self, step: Step, kind: Kind) -> OutcomeUnknown | None:
        """Act once. The doubt if the answer was lost; a refusal holds, unless it turns out to show already."""
        if kind.act is None:
            raise AssertionError(f"{step.kind} only looks, and was told that something is to do")
        try:
            answer = await kind.act(self._context, step)
        except OutcomeUnknown as error:
            self._record(Doubted, step, code=error.code, what=error.what, why=error.why)
            return error
        except (Refused, UsageError) as error:
            seen = await self._observe(step, kind)
            if not isinstance(seen, Done):
                self._hold(step, from_error(error))
            return None
        self._context.dialogues[step.id] = answer
        self._record(Acted, step, answer=answer)
        return None

    async def _verify(self, step: Step, kind: Kind, *, lost: OutcomeUnknown | None) -> Observation:
        """Look until it shows. A lost act that never shows may be tried again; an answered one may not."""
        if lost is not None and not lost.sent:
            return await self._look(step, kind, self._patience(step))
        limits = self._context.limits
        settle_s = min(limits.settle_s, limits.repeat_s) if lost and step.kind in HARMLESS_TWICE else limits.settle_s
        seen = await self._look(step, kind, self._patience(step), todo_until_s=settle_s)
        if isinstance(seen, Todo) and lost is None and step.kind is not StepKind.CSR_SIGN:
            code = "UCM-RUN-016" if step.kind is StepKind.TRUST_UPLOAD else "UCM-RUN-017"
            answer = self._context.dialogues.get(step.id, "")
            self._hold(step, Surprise(finding=finding(code, step.node, step=step.id), answer=answer))
        return seen

    async def _look(
        self, step: Step, kind: Kind, patience_s: float, *, todo_until_s: float = 0.0, stop_at_a_hold: bool = False
    ) -> Observation:
        """Observe with back-off while it is unclear (or, for `todo_until_s`, not there yet). Raises Hold or Wait.

        With `stop_at_a_hold` a hold elsewhere ends it; an act that has begun is watched to its end all the same.
        """
        clock, limits = self._context.clock, self._context.limits
        began, pause_s, told = clock.now(), limits.poll_first_s, ""
        while True:
            if stop_at_a_hold and self._context.held:
                raise Hold(HELD_ELSEWHERE)
            seen = await self._observe(step, kind)
            waited_s = clock.now() - began
            if isinstance(seen, Surprise):
                self._hold(step, seen)
            elif isinstance(seen, Outside):
                self._wait(step, seen)
            elif isinstance(seen, Unclear):
                if seen.code != told:
                    self._record(Doubted, step, code=seen.code, what=seen.what, why=seen.why)
                    told = seen.code
                if waited_s >= patience_s:
                    why = f"{seen.what}: {seen.why}"
                    self._hold(step, Surprise(finding=finding("UCM-RUN-018", step.node, step=step.id, seen=why)))
            elif isinstance(seen, Done) or waited_s >= todo_until_s:
                return seen
            if isinstance(seen, Unclear) and seen.again_s > pause_s:
                await self._context.clock.sleep(seen.again_s)
            else:
                pause_s = await self._pause(pause_s)

    async def _observe(self, step: Step, kind: Kind) -> Observation:
        try:
            return await kind.observe(self._context, step)
        except OutcomeUnknown as error:
            return Unclear(code=error.code, what=error.what, why=error.why)
        except (Refused, UsageError) as error:
            return from_error(error)

    async def _may_act(self, step: Step, attempts: int, doubt: str) -> None:
        """The last questions before an act, on facts seen just now; what passes is waited for. Raises Hold.

        `doubt` says what became of the last of `attempts` acts.
        """
        context = self._context
        if attempts >= context.limits.attempts:
            values = {"step": step.id, "attempts": str(attempts), "seen": doubt}
            self._hold(step, Surprise(finding=finding("UCM-RUN-019", step.node, **values)))
        made = context.history.verified.get(context.history.sibling_id(step, StepKind.CSR_GENERATE))
        ours = made.facts["spki_sha256"] if made else ""
        began, pause_s, told = context.clock.now(), context.limits.poll_first_s, ""
        while not context.held:
            objections = await self._objections(step, ours)
            if not objections:
                return
            lasting = [one for one in objections if one.finding.code not in PASSING]
            if lasting or context.clock.now() - began >= context.limits.patience_s:
                self._hold(step, (lasting or objections)[0])
            first = objections[0].finding
            if first.code != told:
                self._record(Doubted, step, code=first.code, what=first.what, why=first.why)
                told = first.code
            pause_s = await self._pause(pause_s)
        raise Hold(HELD_ELSEWHERE)

    async def _objections(self, step: Step, ours: str) -> list[Surprise]:
        """What stands against acting now; a look that brought nothing certain is an objection that passes."""
        context = self._context
        try:
            await look_again(context, step)
            lint = weighed(standing(context, step), context.history.accepted)
        except OutcomeUnknown as error:
            why = f"{error.what}: {error.why}"
            return [Surprise(finding=finding(UNCLEAR, step.node, step=step.id, seen=why))]
        except (Refused, UsageError) as error:
            return [from_error(error)]
        begun = step.id in context.history.intended
        done = context.history.done()
        broken = ask(
            step,
            context.cluster,
            context.plan,
            done,
            standing=lint,
            csr_spki=ours,
            begun=begun,
            open_phones=open_now(context),
            signed=signed_off(context),
            closed_gates=closed_gates(context),
        )
        return [Surprise(finding=one) for one in broken]

    async def _pause(self, seconds: float) -> float:
        """Wait about that long; how long to wait the next time."""
        await self._context.clock.sleep(seconds * self._random.between(0.8, 1.2))
        return min(seconds * 1.6, self._context.limits.poll_last_s)

    def _patience(self, step: Step) -> float:
        limits = self._context.limits
        if step.kind is StepKind.SERVICE_RESTART:
            return limits.restart_s
        if step.kind is StepKind.IDENTITY_SPREAD:
            return max(limits.spread_s, limits.patience_s)
        if step.kind is StepKind.BACKUP_FRESH:
            return limits.backup_s
        return limits.patience_s + (limits.phones_s if step.kind in WAIT_FOR_PHONES else 0.0)

    def _hold(self, step: Step, seen: Surprise) -> None:
        self._context.held = True
        self._record(Held, step, finding=seen.finding, answer=seen.answer)
        raise Hold(seen.finding.code)

    def _wait(self, step: Step, seen: Outside) -> None:
        self._record(Waiting, step, who=seen.who, what=seen.what, next=seen.next)
        raise Wait(seen.who)

    def _record(self, event: type, step: Step, **fields: object) -> None:
        context = self._context
        context.record(event(at=context.clock.now(), run=context.history.run, step=step.id, **fields))
