"""`show cert`, `show csr`, `set cert`, `set csr`. Source: interfaces-cli.md 2."""
