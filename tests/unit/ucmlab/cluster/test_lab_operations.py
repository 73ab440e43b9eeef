# Promise: every operation the cluster received is in its log, whoever asked, even when the last line was cut off.
from ucmlab.cluster.operations import OperationLog, read_operations


def test_operations_come_back_in_order(tmp_path) -> None:
    log = OperationLog(tmp_path)
    log.append(1.0, "cucm-pub", interface="rest", operation="csr", purpose="tomcat")
    log.append(2.0, "cucm-pub", interface="cli", operation="utils service restart", outcome="refused: no")
    assert [(row.operation, row.outcome) for row in read_operations(tmp_path)] == [
        ("csr", "ok"),
        ("utils service restart", "refused: no"),
    ]


def test_a_cut_off_line_is_left_out(tmp_path) -> None:
    OperationLog(tmp_path).append(1.0, "cucm-pub", interface="rest", operation="csr")
    with (tmp_path / "operations.jsonl").open("ab") as stream:
        stream.write(b'{"at": 2.0, "node"')
    assert len(read_operations(tmp_path)) == 1


def test_without_a_folder_the_log_stays_in_memory() -> None:
    log = OperationLog()
    log.append(1.0, "cucm-pub", interface="rest", operation="csr")
    assert [row.node for row in log.operations()] == ["cucm-pub"]
