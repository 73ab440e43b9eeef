"""Promise: what phones do at a renewal is read from the cluster, and what cannot be read is never taken for manual."""

import asyncio

import pytest

from ucmcert.errors import Refused
from ucmcert.ucm.phones.parameters import ENTERPRISE_WIDE, interaction, read_parameters, rollback

BEFORE, SINCE = (12, 5, 1, 16065, 1), (14, 0, 1, 13900, 155)
REFUSED = Refused("UCM-SOAP-001", "no", where="x", why="no", next="no", answer="-206")


def read(first: tuple[dict[str, str], ...] | Exception, every: tuple[dict[str, str], ...] = ()) -> dict[str, str]:
    async def sql(statement: str) -> tuple[dict[str, str], ...]:
        answer = first if statement == ENTERPRISE_WIDE else every
        if isinstance(answer, Exception):
            raise answer
        return answer

    return asyncio.run(read_parameters(sql))


def row(name: str, value: str) -> dict[str, str]:
    return {"paramname": name, "paramvalue": value}


def test_the_enterprise_s_own_rows_are_taken() -> None:
    assert {"A": "1"} == read((row("A", "1"),), (row("A", "2"),))


@pytest.mark.parametrize("first", [REFUSED, ()])
def test_else_what_has_one_value_on_all_nodes(first: tuple[dict[str, str], ...] | Exception) -> None:
    assert {"A": "1"} == read(first, (row("A", "1"), row("A", "1"), row("B", "1"), row("B", "2")))


@pytest.mark.parametrize(
    ("release", "parameters", "expected"),
    [
        (BEFORE, {"PhoneInteractionOnCertUpdate": "manual"}, ("none", "")),
        (SINCE, {"ClusterID": "x"}, ("automatic", "")),
        (SINCE, {"PhoneInteractionOnCertUpdate": "Automatic"}, ("automatic", "PhoneInteractionOnCertUpdate")),
        (SINCE, {"phoneinteractionCERTIFICATE": "Reset phones manually"}, ("manual", "phoneinteractionCERTIFICATE")),
        (SINCE, {"PhoneCertUpdate": "0"}, ("automatic", "PhoneCertUpdate")),
        (SINCE, {"PhoneCertUpdate": "7"}, ("unknown", "PhoneCertUpdate")),
        (SINCE, {"PhoneInteraction": "manual", "PhoneInteractionCert": "auto"}, ("automatic", "PhoneInteractionCert")),
        (SINCE, {"PhoneInteractionA": "manual", "PhoneInteractionB": "manual"}, ("unknown", "")),
        (SINCE, {"URLPhoneDirectories": "manual"}, ("automatic", "")),
    ],
)
def test_the_parameter_is_found_by_its_words(
    release: tuple[int, ...], parameters: dict[str, str], expected: tuple[str, str]
) -> None:
    assert expected == interaction(release, parameters)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [({"RollBackToPreGrayback": "F"}, False), ({"rollbacktopregrayback": "T"}, True), ({"X": "T"}, None), ({}, None)],
)
def test_the_rollback_parameter_is_true_false_or_unknown(parameters: dict[str, str], expected: bool | None) -> None:
    assert expected == rollback(parameters)
