# Promise: with pagination on, long output stops at each page with the product's words and obeys raw keys.
from ucmlab.cluster.cluster import Cluster
from unit.ucmlab.interfaces.platform_cli.cli_bench import FarEnd, at, at_prompt
from unit.ucmlab.lab_bench import in_lab

PAGER = "\x1b[1mPress <enter> for 1 line, <space> for one page, or <q> to quit\x1b[0m\x1b[K"
ERASE = "\r\x1b[K"


async def keys(end: FarEnd, line: str, *pressed: str) -> list[str]:
    """Type a command at a pager of ten rows, then press keys; returns what each let through."""
    parts = [await end.asked(line, PAGER)]
    for key in pressed[:-1]:
        end.type(key)
        parts.append(await end.until(PAGER))
    end.type(pressed[-1])
    parts.append(await end.until("admin:"))
    return parts


def paged(line: str, *pressed: str, rows: int = 10, columns: int = 200) -> list[str]:
    async def run(cluster: Cluster) -> list[str]:
        return await keys(await at(cluster, pager=True, rows=rows, columns=columns), line, *pressed)

    return in_lab(run)


def whole(line: str) -> str:
    async def run(end: FarEnd) -> str:
        return await end.run(line)

    return at_prompt(run)


def test_a_page_is_one_line_less_than_the_terminal() -> None:
    first, _ = paged("utils service list", "q")
    assert whole("utils service list").splitlines()[:9] == first.splitlines()


def test_enter_shows_a_line_space_a_page_and_q_ends_the_output() -> None:
    first, line, page, rest = paged("utils service list", "\n", " ", "q")
    text = whole("utils service list").splitlines(keepends=True)
    assert "".join(text[:9]) == first
    assert ERASE + text[9] == line
    assert ERASE + "".join(text[10:19]) == page
    assert ERASE == rest


def test_other_keys_do_nothing_and_none_is_echoed() -> None:
    first, rest = paged("utils service list", "xQ\t\x1b[Bq")
    assert 9 == first.count("\n")
    assert ERASE == rest


def test_paging_to_the_end_loses_nothing() -> None:
    parts = paged("show hardware", *[" "] * 3)
    assert whole("show hardware") == "".join(parts).replace(ERASE, "")


def test_output_that_fills_the_page_exactly_does_not_stop() -> None:
    async def run(cluster: Cluster) -> str:
        return await (await at(cluster, pager=True, rows=4)).run("show ctl")

    assert 3 == in_lab(run).count("\n")


def test_a_line_wider_than_the_terminal_counts_for_its_rows() -> None:
    first, _ = paged("show ctl", "q", rows=4, columns=40)
    assert ["Length of CTL file: 0", "CTL File not found. Please run CTLClient plugin or run the CLI"] == [
        line[:62] for line in first.splitlines()
    ]


def test_a_terminal_without_a_size_gets_a_page_of_24_rows() -> None:
    first, _ = paged("utils service list", "q", rows=0, columns=0)
    assert 23 == first.count("\n")


def test_ctrl_c_at_the_pager_ends_the_command() -> None:
    _, rest = paged("utils service list", "\x03")
    assert "^C\n" == rest.replace(ERASE, "").lstrip("\n")


def test_the_pager_is_on_until_the_session_turns_it_off_and_off_for_that_session_only() -> None:
    async def turn(cluster: Cluster) -> list[str]:
        end = await at(cluster, pager=True)
        said = [
            await end.run(line)
            for line in (
                "show cli pagination",
                "set cli pagination off",
                "show cli pagination",
                "set cli pagination on",
                "show cli pagination",
            )
        ]
        other = await at(cluster, pager=True)
        return [*said, await other.run("show cli pagination")]

    assert [
        "Automatic Pagination : On.\n",
        "Automatic pagination is turned off\n",
        "Automatic Pagination : Off.\n",
        "Automatic pagination is turned on\n",
        "Automatic Pagination : On.\n",
        "Automatic Pagination : On.\n",
    ] == in_lab(turn)


def test_the_page_option_stops_even_with_pagination_off() -> None:
    async def run(cluster: Cluster) -> tuple[str, str]:
        end = await at(cluster, rows=10)
        first, _ = await keys(end, "utils service list page", "q")
        return first, await end.run("utils service list")

    first, unpaged = in_lab(run)
    assert 9 == first.count("\n")
    assert unpaged.endswith("Primary Node =true\n")


def test_state_lines_that_come_by_themselves_are_never_stopped() -> None:
    async def run(cluster: Cluster) -> str:
        return await (await at(cluster, pager=True, rows=6)).run("utils service restart Cisco Tomcat")

    assert in_lab(run).endswith("Cisco Tomcat[STARTED]  \n")
