# Promise: REST takes the platform account, SOAP the application user with its role; three bad logins lock, if told so.
import asyncio

import msgspec
import pytest

from ucmlab.cluster.cluster import Cluster
from ucmlab.interfaces.web.login import basic_credentials
from unit.ucmlab.interfaces.web_bench import (
    AXL_PATH,
    BASE,
    CC_PATH,
    RIS_PATH,
    ask,
    axl,
    basic,
    control_center,
    is_page,
    logged,
    login,
    rest,
    ris,
)
from unit.ucmlab.lab_bench import in_lab, scenario

SNAPSHOT = BASE + "snapshot/server"
SOAP_PATHS = [AXL_PATH, RIS_PATH, CC_PATH]


@pytest.mark.parametrize("path", [SNAPSHOT, BASE + "nothing", BASE, *SOAP_PATHS])
@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer abc"}, {"authorization": "Basic !!"}, basic("admin", "wrong")]
)
def test_a_login_is_asked_for_in_html(path, headers) -> None:
    async def knock(cluster: Cluster) -> None:
        response = await ask(cluster, "POST", path, headers=headers)
        assert is_page(response, 401)
        assert response.headers["WWW-Authenticate"].startswith('Basic realm="CM')
        words = "wrong user or password" if headers == basic("admin", "wrong") else "no login"
        assert [("login", f"refused: {words}")] == [row[1::2] for row in logged(cluster)]

    in_lab(knock)


def test_the_rest_realm_is_the_platform() -> None:
    async def knock(cluster: Cluster) -> str:
        return (await ask(cluster, "GET", SNAPSHOT)).headers["WWW-Authenticate"]

    assert 'Basic realm="CMPlatform Realm"' == in_lab(knock)


@pytest.mark.parametrize(("path", "kind"), [(SNAPSHOT, "application"), *((path, "platform") for path in SOAP_PATHS)])
def test_one_account_does_not_open_the_other_door(path, kind) -> None:
    async def knock(cluster: Cluster) -> int:
        return (await ask(cluster, "POST", path, headers=login(cluster, kind))).status

    assert 401 == in_lab(knock)


def test_three_bad_logins_lock_the_account_until_it_is_forgotten() -> None:
    async def knock(cluster: Cluster) -> list[int]:
        for _ in range(3):
            await ask(cluster, "GET", SNAPSHOT, headers=basic("admin", "wrong"))
        locked = (await rest(cluster, "GET", "snapshot/server")).status
        assert ("rest", "login", "", "refused: account locked") == logged(cluster)[-1]
        application = (await axl(cluster, "<n:getCCMVersion/>")).status
        await asyncio.sleep(301)
        return [locked, application, (await rest(cluster, "GET", "snapshot/server")).status]

    assert [401, 200, 200] == in_lab(knock)


def test_a_good_login_in_between_forgets_the_bad_ones() -> None:
    async def knock(cluster: Cluster) -> int:
        for _ in range(2):
            await ask(cluster, "GET", SNAPSHOT, headers=basic("admin", "wrong"))
        await rest(cluster, "GET", "snapshot/server")
        await ask(cluster, "GET", SNAPSHOT, headers=basic("admin", "wrong"))
        return (await rest(cluster, "GET", "snapshot/server")).status

    assert 200 == in_lab(knock)


def test_nothing_locks_when_the_switch_says_none() -> None:
    async def knock(cluster: Cluster) -> int:
        for _ in range(5):
            await ask(cluster, "GET", SNAPSHOT, headers=basic("admin", "wrong"))
        return (await rest(cluster, "GET", "snapshot/server")).status

    assert 200 == in_lab(knock, scenario(switches={"account_lockout": "none"}))


def strip_roles(cluster: Cluster) -> None:
    cluster.accounts = tuple(msgspec.structs.replace(account, roles=()) for account in cluster.accounts)


@pytest.mark.parametrize("status", ["403", "401"])
def test_axl_without_the_role_follows_its_switch(status) -> None:
    async def knock(cluster: Cluster) -> None:
        strip_roles(cluster)
        assert is_page(await axl(cluster, "<n:getCCMVersion/>"), int(status))
        assert [("axl", "login", "", "refused: the role Standard AXL API Access is missing")] == logged(cluster)

    in_lab(knock, scenario(switches={"axl_no_role": status}))


def test_ris_and_control_center_without_the_role_are_forbidden() -> None:
    async def knock(cluster: Cluster) -> None:
        strip_roles(cluster)
        assert is_page(await ris(cluster, "<n:selectCmDevice/>"), 403)
        assert is_page(await control_center(cluster, "<n:soapGetServiceStatus/>"), 403)

    in_lab(knock, scenario(switches={"axl_no_role": "401"}))


def test_a_missing_role_is_no_bad_login() -> None:
    async def knock(cluster: Cluster) -> int:
        roles = cluster.accounts
        strip_roles(cluster)
        for _ in range(4):
            await axl(cluster, "<n:getCCMVersion/>")
        cluster.accounts = roles
        return (await axl(cluster, "<n:getCCMVersion/>")).status

    assert 200 == in_lab(knock)


def test_credentials_are_read_from_the_header() -> None:
    assert ("admin", "a:b") == basic_credentials(basic("admin", "a:b")["authorization"])
    assert ("é", "ü") == basic_credentials(basic("é", "ü")["authorization"].replace("Basic", "BASIC "))
    for header in ("", "Basic", "Basic YWRtaW4=", "Basic ////", "Basic \udcff", "Digest YWRtaW46YQ=="):
        assert basic_credentials(header) is None
