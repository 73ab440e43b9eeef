"""Names of the files in an evidence pack, and how a name from the cluster becomes a harmless file name."""

import hashlib
import re

FORMAT = 1
MANIFEST = "MANIFEST.json"
SUMS = "SHA256SUMS"
EVENTS = "events.jsonl"
PLAN = "plan.json"
APPROVED = "plan.approved.json"
RESULT = "result.json"
SUMMARY = "summary.md"
REPORT = "report.html"
EVIDENCE = "evidence.json"
EVIDENCE_TEXT = "evidence.txt"
CERTIFICATES = "certificates"
REQUEST, LEAF, CHAIN = "request.csr.pem", "leaf.pem", "chain.pem"
UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
LONGEST = 100


def safe_name(name: str) -> str:
    """`name` as one file name. A name that had to be changed gets a mark of its own, so that no two become one."""
    safe = UNSAFE.sub("_", name).lstrip(".")[:LONGEST]
    if safe == name:
        return name
    return f"{safe}_{hashlib.sha256(name.encode('utf-8', 'backslashreplace')).hexdigest()[:8]}"


def certificate_folder(node: str, purpose: str) -> str:
    """Where request, leaf and chain of one certificate lie."""
    return f"{CERTIFICATES}/{safe_name(purpose)}_{safe_name(node)}"
