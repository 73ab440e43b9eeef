"""Promise: the page of the trust stores says in both languages why each entry is there, and the plan how it may go."""

import json

import msgspec
import pytest

from factory.certificates import NOW, authority, self_signed
from factory.phone_clusters import leaf, phone_cluster
from ucmcert.model.cluster import Cluster, TrustEntry
from ucmcert.report.pages.removal_page import removal_blocks, since_blocks
from ucmcert.report.pages.trust_page import trust_blocks
from ucmcert.report.paper import plain
from ucmcert.report.trust_shape import must_act, since_shape, trust_shape
from ucmcert.report.trust_words import KEPT_KEYS, USE_KEYS
from ucmcert.report.words import speaker
from ucmcert.trust import Known, audit
from ucmcert.trust.may_go import Kept
from ucmcert.trust.removal import removal_plan
from ucmcert.trust.since import since

DAY = 86_400
STRANGER = authority("Partner Root", key="ec").certificate
GONE = authority("Gone Root", key="ec", not_after=NOW - 3 * DAY).certificate
OLDER = authority("Twin", key="ec", key_label="t", not_before=NOW - 900 * DAY).certificate
NEWER = authority("Twin", key="ec", key_label="t", not_before=NOW - 9 * DAY).certificate
OLD = self_signed(leaf("CallManager", "cucm-sub1").common_name, not_before=NOW - 3000 * DAY, key_label="old")
CAPF = leaf("CAPF", "cucm-pub")


def _filled() -> Cluster:
    whole = phone_cluster()
    stores = {"tomcat": (STRANGER, GONE, OLDER, NEWER), "CallManager": (OLD, CAPF), "Phone-VPN": (GONE,)}
    entries = tuple(
        TrustEntry(purpose=store, filename=f"{one.serial}.pem", certificate=one)
        for store, held in stores.items()
        for one in held
    )
    nodes = tuple(
        msgspec.structs.replace(one, holding=msgspec.structs.replace(one.holding, trust=entries)) for one in whole.nodes
    )
    return msgspec.structs.replace(whole, nodes=nodes)


WHOLE = _filled()
AUDIT = audit(WHOLE, Known(secure_phones=12), due_days=45)
PLAN = removal_plan(WHOLE, AUDIT, AUDIT.judged)


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        (
            "en",
            ("12 phones have a secure profile", "every hour, on cucm-pub", "nobody has published", "needless beside"),
        ),
        ("fr", ("12 téléphones ont un profil sécurisé", "toutes les heures", "n'est pas publié", "inutile à côté")),
    ],
)
def test_the_page_tells_evidence_noise_and_reasons(lang: str, says: tuple[str, ...]) -> None:
    text = plain.render(trust_blocks(AUDIT, AUDIT.judged, lang))
    assert [] == [words for words in (*says, "UCM-TRUST-102") if words not in text]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_plan_shows_every_command_and_says_where_there_is_no_way_back(lang: str) -> None:
    text = plain.render(removal_blocks(PLAN, lang, folder="kept", look_again="ucmcert trust --since p.json"))
    for one in PLAN.removals:
        for each in (*one.look, *one.delete, *one.restart, *one.undo):
            assert each.command in text
    say = speaker(lang)
    assert say("removal.no_undo", file="").split("{")[0].rstrip(" :")[:40] in text
    assert say("removal.phones")[:40] in text
    assert say("removal.alone")[:40] in text


def test_a_later_look_is_told_certificate_by_certificate() -> None:
    text = plain.render(since_blocks(PLAN, since(PLAN, WHOLE), "en"))
    assert len(WHOLE.nodes) * len(PLAN.removals) == sum(line.endswith("still there") for line in text.splitlines())
    empty = tuple(
        msgspec.structs.replace(one, holding=msgspec.structs.replace(one.holding, trust=())) for one in WHOLE.nodes
    )
    lost = plain.render(since_blocks(PLAN, since(PLAN, msgspec.structs.replace(WHOLE, nodes=empty)), "en"))
    assert "Gone without being planned" in lost


def test_json_holds_every_entry_and_agrees_with_the_exit_code() -> None:
    shape = json.loads(msgspec.json.encode(trust_shape(AUDIT, AUDIT.judged, removals=PLAN.removals)))
    assert (len(AUDIT.judged), "findings", True) == (
        len(shape["entries"]),
        shape["outcome"],
        must_act(AUDIT, AUDIT.judged),
    )
    found = since_shape(since(PLAN, WHOLE), plan="p.json")
    assert ("findings", len(found.certificates)) == (found.outcome, found.counts["still-there"])


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_use_and_every_reason_has_words(lang: str) -> None:
    say = speaker(lang)
    assert {*KEPT_KEYS} == {*Kept} - {Kept.NOTHING, Kept.VERDICT}
    assert all(say(key, by="a", where="b") for key in (*USE_KEYS.values(), *KEPT_KEYS.values()))
