"""Protocols of the lab: requests in, cluster calls out. Opens no socket; `ucmlab.serve` does."""
