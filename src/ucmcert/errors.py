"""What can go wrong, told so that a person can act: what, where, why, and what to do next.

UcmcertError            code, what, where, why, next
 |-- UsageError         ours: a wrong option, file, pin or password; fix it and run again
 |-- Refused            theirs: CUCM or the CA said no; its words are kept verbatim in `answer`
 `-- OutcomeUnknown     nobody knows yet: time-out, dropped line, garbled answer; observe again, else hold

There are only three culprits because only they change what the runner does. The kind of trouble is in `code`.
Room rule: this module imports nothing, and no message here ever carries a secret.
"""


class UcmcertError(Exception):
    """A trouble with a stable `code` (`UCM-TLS-001`) and four plain sentences."""

    exit_code = 1

    def __init__(self, code: str, what: str, *, where: str, why: str, next: str) -> None:  # noqa: A002
        super().__init__(f"{code}: {what} ({where})")
        self.code = code
        self.what = what
        self.where = where
        self.why = why
        self.next = next


class UsageError(UcmcertError):
    """Ours: the configuration, an option, a pin, a file or a credential is wrong. Fix and run again."""

    exit_code = 2


class Refused(UcmcertError):
    """Theirs: CUCM or the CA answered no. `answer` is their own text, untouched."""

    def __init__(self, code: str, what: str, *, where: str, why: str, next: str, answer: str) -> None:  # noqa: A002
        super().__init__(code, what, where=where, why=why, next=next)
        self.answer = answer


class OutcomeUnknown(UcmcertError):
    """Nobody knows: no answer, half an answer or nonsense. `sent` is False when nothing can have reached the node."""

    def __init__(
        self,
        code: str,
        what: str,
        *,
        where: str,
        why: str,
        next: str = "see that the node answers, then run the same command again; it looks before it acts",  # noqa: A002
        sent: bool = True,
    ) -> None:
        super().__init__(code, what, where=where, why=why, next=next)
        self.sent = sent
