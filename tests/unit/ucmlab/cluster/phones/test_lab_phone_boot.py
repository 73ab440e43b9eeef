# Promise: a phone boots by phones.md 1.2, asks what it may ask and no more, and every unknown is a rule of its own.
import msgspec
import pytest

from ucmlab.cluster.phones.asks import (
    UNREACHABLE,
    Answer,
    Ask,
    AskTvs,
    GetConfig,
    GetList,
    Register,
    Served,
    Vouching,
    Welcome,
)
from ucmlab.cluster.phones.boot import Booted, boot, play
from ucmlab.cluster.phones.memory import Config, Memory, Phone, Vouched
from ucmlab.cluster.phones.rules import BootRules, rules_of
from ucmlab.cluster.phones.trust import Outlook, TrustState, trust_state
from ucmlab.cluster.trust_lists.model import Entry, Kind, TrustFile
from ucmlab.switches import Switches

GROUP = ("A", "B")
CONFIG = Config(group=GROUP)
SECURE = Config(group=GROUP, secure=True)
OPEN = BootRules()


def listed(kind: Kind, signer: str, *entries: tuple[int, str]) -> TrustFile:
    return TrustFile(kind, f"{kind} {signer} {entries}".encode(), tuple(Entry(*one) for one in entries), signer, 0.0)


OLD = listed("itl", "itlr", (0, "itlr"), (0, "cm"), (3, "cm"), (21, "tvs-a"), (21, "tvs-b"))
NEW = listed("itl", "new-itlr", (0, "new-itlr"), (0, "cm"), (3, "cm"), (21, "tvs-a"), (21, "tvs-b"))
CTL = listed("ctl", "itlr", (0, "itlr"), (0, "cm"), (2, "cm"), (2, "cm-b"))
HELD = Memory(itl=OLD, config=CONFIG)


class Lab(msgspec.Struct):
    """Servers as the test wants them; `asked` keeps what they were asked."""

    itl: Answer = OLD
    ctl: Answer = None
    config: Answer = Served(CONFIG, "cm")
    tvs: dict[str, Answer] = {}
    callers: dict[str, Answer] = msgspec.field(default_factory=lambda: {"A": Welcome("cm"), "B": Welcome("cm-b")})
    asked: list[Ask] = []

    def answer(self, ask: Ask) -> Answer:
        self.asked.append(ask)
        if isinstance(ask, GetList):
            return UNREACHABLE if ask.node == "dead" else self.ctl if ask.kind == "ctl" else self.itl
        if isinstance(ask, GetConfig):
            return self.config
        if isinstance(ask, AskTvs):
            return self.tvs.get(ask.node, UNREACHABLE)
        return self.callers.get(ask.node, UNREACHABLE)

    def tvs_asked(self) -> list[str]:
        return [ask.node for ask in self.asked if isinstance(ask, AskTvs)]


def booted(lab: Lab, memory: Memory = HELD, rules: BootRules = OPEN, **more: object) -> Booted:
    phone = Phone(**{"name": "SEP000000000001", "tftp": ("A",), "memory": memory} | more)
    return play(boot(phone, rules), lab.answer)


def test_a_boot_asks_in_order_and_nothing_of_tvs_when_the_lists_say_all() -> None:
    lab = Lab()
    found = booted(lab)
    assert [GetList("A", "ctl"), GetList("A", "itl"), GetConfig("A", True), Register("A", False)] == lab.asked
    assert ("ok", "applied", "A", ()) == (found.lists, found.config, found.node, found.fetched.messages)


def test_the_first_tftp_server_that_answers_is_asked_for_everything() -> None:
    lab = Lab()
    assert "ok" == booted(lab, tftp=("dead", "B")).lists
    assert ["dead", "B", "B", "B"] == [ask.node for ask in lab.asked[:4]]


def test_a_phone_without_any_tftp_server_keeps_everything_and_registers() -> None:
    found = booted(Lab(), tftp=("dead",))
    assert ("unreached", "kept", HELD, "A") == (found.lists, found.config, found.memory, found.node)


def test_a_blank_phone_trusts_what_it_first_sees() -> None:
    assert Memory(CTL, OLD, CONFIG) == booted(Lab(ctl=CTL), Memory()).memory
    assert Memory(CTL, None, CONFIG) == booted(Lab(itl=NEW, ctl=CTL), Memory()).memory  # the CTL judges the ITL
    assert Memory(None, NEW, CONFIG) == booted(Lab(itl=NEW), Memory()).memory


def test_an_unknown_signer_is_looked_up_at_tvs_and_remembered_for_this_boot() -> None:
    lab = Lab(itl=NEW, tvs={"A": Vouching("tvs-a", frozenset({0}))})
    found = booted(lab)
    assert NEW is found.memory.itl
    assert (Vouched("new-itlr", frozenset({0})),) == found.fetched.learned


@pytest.mark.parametrize(
    "answer", [UNREACHABLE, Vouching("stranger", frozenset({0})), Vouching("tvs-a", frozenset({7}))]
)
def test_a_tvs_that_is_silent_strange_or_unsure_does_not_help(answer: Answer) -> None:
    found = booted(Lab(itl=NEW, tvs={"A": answer}))
    assert ("failed", OLD, "A") == (found.lists, found.memory.itl, found.node)
    assert ("ITL: Trust List Update Failed",) == found.fetched.messages


@pytest.mark.parametrize(("ask_next", "asked", "lists"), [(False, ["A"], "failed"), (True, ["A", "B"], "ok")])
def test_u6_after_a_no_the_next_tvs_is_asked_or_not(ask_next: bool, asked: list[str], lists: str) -> None:
    lab = Lab(itl=NEW, tvs={"A": Vouching("tvs-a"), "B": Vouching("tvs-b", frozenset({0}))})
    assert lists == booted(lab, rules=BootRules(tvs_ask_next=ask_next)).lists
    assert asked == lab.tvs_asked()


def test_a_dead_tvs_is_passed_over_whatever_u6_says() -> None:
    lab = Lab(itl=NEW, tvs={"B": Vouching("tvs-b", frozenset({0}))})
    assert "ok" == booted(lab).lists
    assert ["A", "B"] == lab.tvs_asked()


def test_tvs_servers_are_those_of_the_configuration_held() -> None:
    lab = Lab(itl=NEW, tvs={"A": Vouching("tvs-a", frozenset({0}))}, config=Served(Config(group=("A",)), "cm"))
    assert "failed" == booted(lab, Memory(itl=OLD, config=Config(group=("B",)))).lists
    assert ["B"] == lab.tvs_asked()


def test_a_phone_that_holds_lists_takes_no_unsigned_configuration() -> None:
    other = Config(group=("B",))
    assert ("kept", CONFIG) == (
        booted(Lab(config=Served(other, None))).config,
        booted(Lab(config=Served(other, None))).memory.config,
    )
    assert "kept" == booted(Lab(config=Served(other, "stranger"))).config
    assert other == booted(Lab(itl=None, config=Served(other, None)), Memory()).memory.config


def test_a_list_that_rollback_has_emptied_lets_everything_pass() -> None:
    emptied = listed("itl", "itlr", (0, "itlr"), (4, "capf"))
    lab = Lab(itl=NEW, config=Served(CONFIG, None))
    found = booted(lab, Memory(itl=emptied, config=CONFIG))
    assert ("ok", NEW) == (found.lists, found.memory.itl)
    assert emptied == booted(Lab(itl=emptied)).memory.itl


def test_an_etoken_ctl_vouches_for_the_callmanager_that_signs_the_itl() -> None:
    by_token = listed("ctl", "token", (0, "token"), (2, "cm"))
    itl = listed("itl", "cm", (0, "cm"), (3, "cm"), (21, "tvs-a"))
    assert Memory(by_token, itl, CONFIG) == booted(Lab(itl=itl, ctl=by_token), Memory()).memory
    assert "failed" == booted(Lab(itl=NEW, ctl=by_token), Memory(by_token, itl, CONFIG)).lists


def test_a_model_without_sbd_knows_the_ctl_only() -> None:
    lab = Lab(ctl=CTL)
    assert Memory(ctl=CTL, config=CONFIG) == booted(lab, Memory(), sbd=False).memory
    assert GetList("A", "itl") not in lab.asked
    new = listed("ctl", "new-itlr", (0, "new-itlr"), (2, "cm"))
    rules = BootRules(ctl_signer_via_tvs=True)
    lab = Lab(ctl=new, tvs={"A": Vouching("tvs-a", frozenset({0}))})
    assert "failed" == booted(lab, Memory(ctl=CTL, config=CONFIG), rules, sbd=False).lists
    assert [] == lab.tvs_asked()


@pytest.mark.parametrize(("allowed", "lists"), [(False, "failed"), (True, "ok")])
def test_u15_a_new_ctl_signer_through_tvs(allowed: bool, lists: str) -> None:
    new = listed("ctl", "new-itlr", (0, "new-itlr"), (2, "cm"))
    lab = Lab(ctl=new, tvs={"A": Vouching("tvs-a", frozenset({0}))})
    assert lists == booted(lab, Memory(CTL, OLD, CONFIG), BootRules(ctl_signer_via_tvs=allowed)).lists


@pytest.mark.parametrize(("allowed", "node"), [(False, None), (True, "A")])
def test_u3_a_tls_leaf_through_tvs(allowed: bool, node: str | None) -> None:
    lab = Lab(
        ctl=CTL,
        config=Served(SECURE, "cm"),
        tvs={"A": Vouching("tvs-a", frozenset({1}))},
        callers={"A": Welcome("new-cm")},
    )
    found = booted(lab, Memory(CTL, OLD, SECURE), BootRules(tvs_vouches_tls=allowed))
    assert (node, "" if node else "peer") == (found.node, found.registered.refusal)


def test_a_secure_phone_goes_on_to_a_node_it_believes_and_that_takes_it() -> None:
    memory = Memory(CTL, OLD, SECURE)
    for first, refusal in ((Welcome("stranger"), "peer"), (Welcome("cm", admitted=False), "phone-certificate")):
        lab = Lab(ctl=CTL, config=Served(SECURE, "cm"), callers={"A": first, "B": Welcome("cm-b")})
        assert "B" == booted(lab, memory).node
        lab.callers = {"A": first}
        assert (None, refusal) == (booted(lab, memory).node, booted(lab, memory).registered.refusal)


@pytest.mark.parametrize(("registers", "node"), [(True, "A"), (False, None)])
def test_u1_a_locked_phone_registers_or_not(registers: bool, node: str | None) -> None:
    assert node == booted(Lab(itl=NEW), rules=BootRules(locked_registers=registers)).node


@pytest.mark.parametrize(("kept", "lists"), [(False, "failed"), (True, "ok")])
def test_u16_answers_of_tvs_over_a_reboot(kept: bool, lists: str) -> None:
    cache = (Vouched("new-itlr", frozenset({0})),)
    assert lists == booted(Lab(itl=NEW), rules=BootRules(cache_survives=kept), cache=cache).lists


@pytest.mark.parametrize(("helps", "lists"), [(False, "failed"), (True, "ok")])
def test_u14_a_list_by_localkey_after_all_three_are_new(helps: bool, lists: str) -> None:
    new = ((0, "cm2"), (0, "itlr2"), (3, "cm2"), (21, "tvs2"))
    rules = BootRules(localkey_rescues=helps)
    assert lists == booted(Lab(itl=listed("itl", "cm2", *new)), rules=rules).lists
    assert "failed" == booted(Lab(itl=listed("itl", "itlr2", *new)), rules=rules).lists
    before_12 = BootRules(localkey_rescues=helps, usual_signer="CallManager")
    assert lists == booted(Lab(itl=listed("itl", "itlr2", *new)), rules=before_12).lists


@pytest.mark.parametrize(("version", "signer", "through_tvs"), [
    ("8.6.2.20000-2", "CallManager", True),
    ("11.5.1.12900-21", "CallManager", True),
    ("12.5.1.11900-146", "ITLRecovery", False),
    ("15.0.1.12900-234", "ITLRecovery", False),
])  # fmt: skip
def test_the_release_decides_who_signs(version: str, signer: str, through_tvs: bool) -> None:
    rules = rules_of(version, Switches())
    assert (signer, through_tvs) == (rules.usual_signer, rules.ctl_signer_via_tvs)
    assert rules_of(version, Switches({"ctl_new_signer_via_tvs": "yes"})).ctl_signer_via_tvs


def test_every_switch_of_a_boot_reaches_its_rule() -> None:
    chosen = {
        "locked_phone_registers": "no",
        "tvs_vouches_tls": "yes",
        "tvs_negative": "ask-next",
        "localkey_after_three": "helps",
        "ctl_new_signer_via_tvs": "yes",
        "tvs_cache_over_reboot": "kept",
    }
    found = rules_of("14.0.1.13900-155", Switches(chosen))
    expected = BootRules(
        ctl_signer_via_tvs=True,
        tvs_ask_next=True,
        tvs_vouches_tls=True,
        locked_registers=False,
        cache_survives=True,
        localkey_rescues=True,
    )
    assert (BootRules(), expected) == (rules_of("14.0.1.13900-155", Switches()), found)


def state(now: Lab, settled: Lab, other: Lab | None, memory: Memory = HELD) -> TrustState:
    phone = Phone(name="SEP000000000001", tftp=("A",), memory=memory)
    outlook = Outlook(now=now.answer, settled=settled.answer, other=None if other is None else other.answer)
    return trust_state(phone, OPEN, outlook)


def test_each_state_of_trust_is_found() -> None:
    seeing = {"A": Vouching("tvs-a", frozenset({0}))}
    fine, blind, stale = Lab(tvs=seeing), Lab(), Lab(itl=NEW, tvs=seeing)
    refused = Lab(itl=NEW, tvs={"A": Vouching("tvs-a")})
    lost = Lab(itl=NEW)
    assert TrustState.BLANK is state(fine, fine, None, Memory(config=CONFIG))
    assert TrustState.TRUSTED is state(fine, fine, None)
    assert TrustState.STALE_BLIND is state(blind, fine, None)
    assert TrustState.STALE_OK is state(stale, stale, None)
    assert TrustState.FAILING is state(refused, fine, None)
    assert TrustState.SOFT_LOCKED is state(fine, lost, fine)
    assert TrustState.HARD_LOCKED is state(fine, lost, lost)
    assert TrustState.HARD_LOCKED is state(fine, lost, None)
