"""The servers of an oracle's state, as phones of the lab meet them: leaves are names with a generation."""

from ucmlab.cluster.phones.boot import fetch, play, register
from ucmlab.cluster.phones.memory import Config, Memory, Phone
from ucmlab.cluster.phones.rules import BootRules
from ucmlab.cluster.phones.situation import Caller, Desk, Opinion, Situation, Visitor
from ucmlab.cluster.phones.trust import Outlook, TrustState, lock_of
from ucmlab.cluster.trust_lists.model import Entry, Kind, TrustFile
from unit.ucmlab.cluster.phones import phones_model as model

GROUP = ("A", "B")
NODES = {"A": ("CMA", "TVSA", 1), "B": ("CMB", "TVSB", 2)}
KINDS = {"CM": "CMA", "ITLR": "ITLR"}
KNOWN_ROLES = {"CM": frozenset({0, 1, 3}), "TVS": frozenset({21}), "ITLR": frozenset({0})}
LOCKS = {None: 0, TrustState.SOFT_LOCKED: 1, TrustState.HARD_LOCKED: 2}


def leaf(name: str, generations: int) -> str:
    """A certificate: its name and generation."""
    return f"{name}{model.bit(generations, model.BIT[name])}"


def itl(generations: int, signer: str, fam: str) -> TrustFile:
    """The ITL that node A serves."""
    others = (Entry(3, leaf("CMA", generations)), *(Entry(21, leaf(name, generations)) for name in ("TVSA", "TVSB")))
    return _file("itl", generations, signer, fam, others)


def ctl(generations: int, signer: str, fam: str) -> TrustFile:
    """The CTL of the cluster."""
    return _file("ctl", generations, signer, fam, tuple(Entry(2, leaf(name, generations)) for name in ("CMA", "CMB")))


def _file(kind: Kind, generations: int, signer: str, fam: str, others: tuple[Entry, ...]) -> TrustFile:
    anchors = tuple(Entry(0, leaf(KINDS[anchor], generations)) for anchor in model.FAM[fam][0])
    data = f"{kind} {generations} {signer}".encode()
    return TrustFile(kind, data, anchors + others, leaf(KINDS[signer], generations), 0.0)


def situation(s: model.St, fam: str, *, mixed: bool) -> Situation:
    """The servers of a state."""
    roles = {leaf(name, s.g): KNOWN_ROLES[model.TYPE[name]] for name in model.BIT}
    up = [name for name in GROUP if not s.down & NODES[name][2]]
    served = Desk(
        ctl=ctl(s.cs, s.csig, fam) if mixed else None, itl=itl(s.snap, s.sig, fam), signer=leaf("CMA", s.snap)
    )
    presented = {"A": f"TVSA{s.tv_a}", "B": f"TVSB{s.tv_b}"}
    callers = {"A": f"CMA{s.cm_a}", "B": f"CMB{s.cm_b}"}
    return Situation(
        mixed=mixed,
        desks={"A": served} if "A" in up else {},
        opinions={name: Opinion(presented[name], lambda asked: roles.get(asked, frozenset())) for name in up},
        callers={name: Caller(callers[name]) for name in up},
    )


class AbstractPhone:
    """One phone of the lab in the oracle's world."""

    def __init__(self, fam: str, *, mixed: bool, strict_ctl: bool, tvs_vouches_tls: bool = True) -> None:
        self.fam, self.mixed = fam, mixed
        usual = model.FAM[fam][1]
        self.rules = BootRules(
            usual_signer="ITLRecovery" if usual == "ITLR" else "CallManager",
            ctl_signer_via_tvs=not strict_ctl,
            tvs_vouches_tls=tvs_vouches_tls,
        )
        self.visitor = Visitor(Config(group=GROUP, secure=mixed))
        held_ctl = ctl(0, usual, fam) if mixed else None
        self.memory = Memory(ctl=held_ctl, itl=itl(0, usual, fam), config=self.visitor.record)

    def phone(self) -> Phone:
        """What boots."""
        return Phone(name="SEP000000000001", tftp=("A",), memory=self.memory)

    def boot(self, s: model.St) -> tuple[str, str]:
        """Reboot; the results for lists and configuration, in the oracle's words."""
        fetched = play(fetch(self.phone(), self.rules), self._answers(s))
        self.memory = fetched.memory
        lists = {"ok": "ok", "failed": "fail", "unreached": "no-tftp"}[fetched.lists]
        return lists, {"applied": "ok", "kept": "kept"}[fetched.config]

    def registers(self, s: model.St) -> bool:
        """Whether it could register now."""
        return play(register(self.phone(), self.rules), self._answers(s)).node is not None

    def locked(self, s: model.St) -> int:
        """The oracle's number for its lock."""
        return LOCKS[lock_of(self.phone(), self.rules, self.outlook(s))]

    def outlook(self, s: model.St) -> Outlook:
        """The servers now, settled, and settled with the other key."""
        alone = len(model.FAM[self.fam][0]) < 2
        return Outlook(
            now=self._answers(s),
            settled=self._answers(model.settle(s, self.fam)),
            other=None if alone else self._answers(model.settle(s, self.fam, True)),
        )

    def _answers(self, s: model.St):
        servers = situation(s, self.fam, mixed=self.mixed)
        return lambda ask: servers.answer(ask, self.visitor)
