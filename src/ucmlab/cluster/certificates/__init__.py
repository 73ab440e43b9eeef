"""Certificates of a node: purposes, keys, CSRs, uploads, trust stores. Knows no protocol and no socket."""
