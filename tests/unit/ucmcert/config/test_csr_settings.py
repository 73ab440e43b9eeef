"""Promise: a CSR setting that cannot be is refused when the file is read, and the closest row decides each setting."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_config_load import CANARY, GOOD, trouble, written

from factory.clusters import cluster
from ucmcert.config.load import load_config
from ucmcert.config.plan_options import csr_rules
from ucmcert.knowledge.purposes import PURPOSES
from ucmcert.model.csr_settings import CsrRow, CsrRules, CsrSettings
from ucmcert.plan.csr_choice import choice, distribution

PUBLISHER = cluster().publisher.node
TABLES = """
[csr]
rsa_bits = 3072
hash = "sha256"
organisation = "Lab"
[[csr.for]]
purpose = "tomcat"
distribution = "multi-server"
names = ["phones.lab.example"]
[[csr.for]]
node = "cucm-sub1"
rsa_bits = 2048
[[csr.for]]
purpose = "tomcat"
node = "cucm-sub1.lab.example"
hash = "sha512"
"""


def with_tables(text: str) -> str:
    return GOOD.replace("[[window]]", text + "[[window]]")


def test_a_file_without_csr_tables_chooses_nothing(tmp_path: Path) -> None:
    assert CsrRules() == csr_rules(load_config(written(tmp_path, GOOD)).csr)


def test_the_tables_become_rows_in_the_order_of_the_file(tmp_path: Path) -> None:
    rules = csr_rules(load_config(written(tmp_path, with_tables(TABLES))).csr)
    assert ["[csr]", "tomcat", "cucm-sub1", "tomcat cucm-sub1.lab.example"] == [one.spelled for one in rules.rows]
    sub = cluster().nodes[1].node
    found = choice(rules, "tomcat", sub)
    assert (2048, "sha512", "multi-server", ("phones.lab.example",), "Lab") == (
        found.settings.rsa_bits,
        found.settings.hash,
        found.settings.distribution,
        found.settings.names,
        found.settings.organisation,
    )
    assert {"rsa_bits": "cucm-sub1", "hash": "tomcat cucm-sub1.lab.example", "names": "tomcat"}.items() <= (
        found.rows.items()
    )
    assert (3072, None) == (
        choice(rules, "ipsec", PUBLISHER).settings.rsa_bits,
        choice(rules, "tomcat-ECDSA", PUBLISHER).settings.rsa_bits,
    )
    assert ("multi-server", None) == (distribution(rules, "tomcat"), distribution(rules, "ipsec"))


@pytest.mark.parametrize(
    ("table", "item", "said"),
    [
        ("[csr]\nrsa_bits = 1024", "csr, rsa_bits", "known words"),
        ("[csr]\nec_bits = 384\nhash = 'sha256'", "csr, hash", "sha384"),
        ("[csr]\nnames = ['*.lab.example']", "csr, names", "wildcard"),
        ("[csr]\nnames = ['cucm-pub']", "csr, names", "host.domain"),
        ("[csr]\nnames = ['a b.example']", "csr, names", "host.domain"),
        ("[csr]\ndistribution = 'multi-server'\nnames = ['10.0.0.1']", "csr, names", "no IP address"),
        ("[csr]\norganisation = 'a\"b'", "csr, organisation", "without quotes"),
        ("[csr]\ncountry = 'France'", "csr, country", "characters"),
        ("[csr]\ncountry = '12'", "csr, country", "two letters"),
        ("[[csr.for]]\nrsa_bits = 2048", "number 1", "`purpose`, `node` or both"),
        ("[[csr.for]]\npurpose = 'tomcats'\nrsa_bits = 2048", "number 1, purpose", "tomcat"),
        ("[[csr.for]]\npurpose = 'ITLRecovery'\nrsa_bits = 2048", "number 1, purpose", "tomcat"),
        ("[[csr.for]]\npurpose = 'tomcat'\nec_bits = 384", "number 1, ec_bits", "-ECDSA"),
        ("[[csr.for]]\npurpose = 'tomcat-ECDSA'\nrsa_bits = 2048", "number 1, rsa_bits", "`ec_bits`"),
        ("[[csr.for]]\npurpose = 'TVS'\ndistribution = 'multi-server'", "number 1, distribution", "this-server"),
        ("[[csr.for]]\nnode = 'a'\ndistribution = 'this-server'", "number 1, distribution", "without `node`"),
        ("[[csr.for]]\npurpose = 'tomcat'\nunit = 'x'", "number 1, unit", "one subject"),
        ("[[csr.for]]\nnode = 'a'\nhash='sha384'\n[[csr.for]]\nnode = 'A'", "number 2", "already"),
    ],
)
def test_what_cannot_be_is_refused_with_the_item_and_what_was_expected(
    table: str, item: str, said: str, tmp_path: Path
) -> None:
    found = trouble(tmp_path, with_tables(f"{table}\n"))
    assert ("UCM-CONFIG-005", True) == (found.code, item in found.where), found.where
    assert said in found.why


def test_a_key_nobody_knows_names_the_nearest(tmp_path: Path) -> None:
    found = trouble(tmp_path, with_tables("[csr]\norganization = 'x'\n"))
    assert ("UCM-CONFIG-003", True) == (found.code, "`organisation`" in found.next)


def test_a_wildcard_is_for_xmpp_federation_only(tmp_path: Path) -> None:
    row = "[[csr.for]]\npurpose = '{}'\nnames = ['*.lab.example']\n"
    assert load_config(written(tmp_path, with_tables(row.format("cup-xmpp-s2s")))).csr.rows
    assert "wildcard" in trouble(tmp_path, with_tables(row.format("cup-xmpp"))).why


def test_no_refusal_repeats_a_value_of_the_file(tmp_path: Path) -> None:
    for key in ("names = ['{} x']", "organisation = '{}\\\\'", "country = '{}'"):
        found = trouble(tmp_path, with_tables(f"[csr]\n{key.format(CANARY)}\n".replace("'", '"')))
        assert CANARY not in f"{found.where} {found.why} {found.next}"


ROWS = st.builds(
    CsrRow,
    purpose=st.sampled_from(("", "tomcat", "ipsec")),
    node=st.sampled_from(("", "cucm-pub", "CUCM-PUB.lab.example", "cucm-sub1")),
    settings=st.builds(
        CsrSettings,
        rsa_bits=st.sampled_from((None, 2048, 3072, 4096)),
        names=st.sampled_from((None, ("a.lab.example",), ("b.lab.example", "10.0.0.1"))),
    ),
)


@given(st.lists(ROWS, max_size=6, unique_by=lambda row: (row.purpose, row.node.lower())))
def test_purpose_and_node_before_node_before_purpose_before_the_cluster(rows: list[CsrRow]) -> None:
    found = choice(CsrRules(rows=tuple(rows)), "tomcat", PUBLISHER)
    mine = ("cucm-pub", "cucm-pub.lab.example")
    for field in ("rsa_bits", "names"):
        values = [
            getattr(row.settings, field)
            for purposes, nodes in ((("tomcat",), mine), (("",), mine), (("tomcat",), ("",)), (("",), ("",)))
            for row in rows
            if row.purpose in purposes and row.node.lower() in nodes and getattr(row.settings, field) is not None
        ]
        closest = {repr(one) for one in values[:2]} if values else {"None"}
        assert repr(getattr(found.settings, field)) in closest
        assert bool(values) == (field in found.rows)


def test_every_purpose_that_a_ca_signs_can_have_a_row(tmp_path: Path) -> None:
    rows = "".join(
        f"[[csr.for]]\npurpose = '{one.name}'\nhash = 'sha512'\n" for one in PURPOSES.values() if one.ca_signed
    )
    assert load_config(written(tmp_path, with_tables(rows))).csr.rows
