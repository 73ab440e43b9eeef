# Promise: enterprise parameters are those of the release, and take only what they can be set to.
import pytest

from ucmlab.cluster.parameters import (
    installed_parameters,
    judge_value,
    phones_reset_by_hand,
    rollback_prepared,
)
from ucmlab.errors import Refusal
from ucmlab.switches import Switches

INTERACTION = "PhoneInteractionOnCertificateUpdate"
V14, V12 = "14.0.1.13900-155", "12.5.1.11900-146"


@pytest.mark.parametrize(
    ("version", "switches", "expected"),
    [
        (V14, {}, {"ClusterSecurityMode": "1", "RollBackToPreGrayback": "f", INTERACTION: "0"}),
        (V14, {"phone_interaction_parameter": "absent"}, {"ClusterSecurityMode": "1", "RollBackToPreGrayback": "f"}),
        (V12, {}, {"ClusterSecurityMode": "1", "RollBackToPreGrayback": "f"}),
        (
            V14,
            {"phone_interaction_paramname": "CertPhones", "phone_interaction_values": "1-automatic"},
            {"ClusterSecurityMode": "1", "RollBackToPreGrayback": "f", "CertPhones": "1"},
        ),
    ],
)
def test_what_a_fresh_cluster_has(version: str, switches: dict[str, str], expected: dict[str, str]) -> None:
    assert expected == installed_parameters(version=version, mixed=True, switches=Switches(switches))


def test_manual_is_what_is_not_automatic() -> None:
    switches = Switches()
    assert [False, True, False] == [
        phones_reset_by_hand(parameters, switches) for parameters in ({INTERACTION: "0"}, {INTERACTION: "1"}, {})
    ]


def test_the_rollback_parameter_is_false_unless_it_says_so() -> None:
    parameters = ({}, {"RollBackToPreGrayback": "f"}, {"RollBackToPreGrayback": "T"})
    assert [False, False, True] == [rollback_prepared(one) for one in parameters]


@pytest.mark.parametrize(
    ("name", "value"), [("ClusterSecurityMode", "1"), ("RollBackToPreGrayback", "maybe"), (INTERACTION, "2")]
)
def test_values_outside_the_parameter_are_refused(name: str, value: str) -> None:
    with pytest.raises(Refusal) as refused:
        judge_value(name, value, Switches())
    assert ("BAD-VALUE", True) == (refused.value.code, refused.value.invented)


@pytest.mark.parametrize(("name", "value"), [("RollBackToPreGrayback", "t"), (INTERACTION, "1"), ("Other", "x")])
def test_values_of_the_parameter_pass(name: str, value: str) -> None:
    assert judge_value(name, value, Switches()) is None
