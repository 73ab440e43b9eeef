# Promise: a scenario file is read strictly, and every mistake names its place and the way out.
import pytest

from ucmlab.cluster.installation.founding import found_cluster
from ucmlab.errors import ScenarioError
from ucmlab.scenarios.loader import load_scenario, parse_scenario, scenario_names
from unit.ucmlab.lab_bench import NOW

NODE = '[[nodes]]\nname = "cucm-pub"\nrole = "publisher"\n'
PHONES = "[[phones]]\ncount = 3\n"
TRUNK, LDAP = '[[trunks]]\nname = "SBC"\n', '[[ldap_hosts]]\nname = "ldap1"\n'
HEAD = 'name = "mine"\ntitle = "Mine"\n'


def test_the_promised_scenarios_are_built_in() -> None:
    assert {"single", "pair", "demo", "twenty", "legacy", "five-mixed"} <= set(scenario_names())


@pytest.mark.parametrize("name", scenario_names())
def test_every_built_in_scenario_founds_a_cluster(name) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert len(found_cluster(scenario, seed=1, now=NOW).nodes) == len(scenario.nodes)


def test_the_demo_is_what_the_readme_says() -> None:
    roles = [node.role for node in load_scenario("demo").nodes]
    assert roles == ["publisher", "subscriber", "subscriber", "im-presence"]


@pytest.mark.parametrize(
    ("name", "phones"),
    [("single", 0), ("pair", 6), ("legacy", 8), ("demo", 12), ("five-mixed", 500), ("twenty", 300), ("crowd", 40_000)],
)
def test_the_scenarios_have_the_phones_they_are_known_for(name, phones) -> None:
    assert sum(spec.count for spec in load_scenario(name).phones) == phones


def test_no_scenario_starts_with_phones_that_are_away_or_lost() -> None:
    specs = [spec for name in scenario_names() for spec in load_scenario(name).phones]
    assert [(0.0, 0.0)] == sorted({(spec.absent_share, spec.mismatched_share) for spec in specs})


def test_a_file_is_read_by_its_path(tmp_path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + NODE)
    assert load_scenario(str(path)).title == "Mine"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + NODE + 'colour = "red"\n', "colour"),
        (HEAD + 'switch = "x"\n' + NODE, "switch"),
        (HEAD + NODE.replace("publisher", "pablisher"), "pablisher"),
        (HEAD + NODE + NODE, "stands twice"),
        (HEAD + NODE.replace("publisher", "subscriber"), "0 publishers"),
        (HEAD + NODE.replace("cucm-pub", "cucm_pub"), "name"),
        (HEAD + 'version = "14SU3"\n' + NODE, "version"),
        (HEAD + NODE + '[switches]\nused = "yes"\n', "no switch 'used'"),
        (HEAD + NODE + '[[faults]]\nkind = "explode"\n', "no fault 'explode'"),
        (HEAD + NODE + "name = \n", "Invalid value"),
        (HEAD + NODE + PHONES + 'group = ["imp-pub"]\n', "no CUCM node 'imp-pub'"),
        (HEAD + NODE + PHONES + 'tftp = ["cucm-sub9"]\n', "no CUCM node 'cucm-sub9'"),
        (HEAD + NODE + PHONES + 'group = ["cucm-pub", "cucm-pub"]\n', "group of pool 'Default'"),
        (HEAD + NODE + PHONES + PHONES + 'group = ["cucm-pub"]\n', "two groups for pool 'Default'"),
        (HEAD + NODE + PHONES + "real = 4\n", "4 real phones"),
        (HEAD + NODE + PHONES + "absent_share = 1.5\n", "absent_share"),
        (HEAD + NODE + PHONES + 'protocol = "H323"\n', "protocol"),
        (HEAD + NODE + "[phone_times]\nretry_s = 0.0\n", "retry_s"),
        (HEAD + NODE + TRUNK + 'pool = "Paris"\n', "no device pool 'Paris'"),
        (HEAD + NODE + TRUNK.replace("SBC", "Sep0077AA00000f"), "'Sep0077AA00000f' is a phone's name"),
        (HEAD + NODE + TRUNK + TRUNK.replace("SBC", "sbc"), "'sbc' stands twice"),
        (HEAD + NODE + TRUNK.replace("SBC", "an SBC"), "name"),
        (HEAD + NODE + '[[remote_clusters]]\ncluster_id = "Lyon"\n', "fqdn"),
        (HEAD + NODE + LDAP + LDAP, "'ldap1:389' stands twice"),
        (HEAD + NODE + LDAP + "port = 0\n", "port"),
        (HEAD + NODE + '[[application_servers]]\nname = ""\n', "name"),
    ],
)
def test_mistakes_are_named(text, words) -> None:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(text, where="mine.toml")
    assert words in str(refused.value)
    assert refused.value.next_step


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match="demo"):
        load_scenario("dmeo")


@pytest.mark.parametrize("line", ['ca_signed = ["ITLRecovery"]\n', 'ca_signed = ["tomkat"]\n'])
def test_a_purpose_no_ca_signs_is_refused(line) -> None:
    with pytest.raises(ScenarioError, match="ca_signed"):
        found_cluster(parse_scenario(HEAD + line + NODE, where="x"), seed=1, now=NOW)


def test_a_service_the_node_does_not_have_is_refused() -> None:
    text = HEAD + NODE + 'stopped = ["Cisco Tomkat"]\n'
    with pytest.raises(ScenarioError, match="Cisco Tomkat"):
        found_cluster(parse_scenario(text, where="x"), seed=1, now=NOW)
