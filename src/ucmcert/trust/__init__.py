"""Trust hygiene: what stands in every trust store, why, and what may go. Pure: facts in, verdicts and plans out.

Rules of this room: what is in use, unknown, an LSC issuer, a Cisco default or a copy of a living identity is in no
removal plan, whatever its dates; what could not be read is never taken for absent. Nothing here deletes anything.
"""

from ucmcert.trust.audit import Audit, audit
from ucmcert.trust.known import Former, Incoming, Known

__all__ = ["Audit", "Former", "Incoming", "Known", "audit"]
