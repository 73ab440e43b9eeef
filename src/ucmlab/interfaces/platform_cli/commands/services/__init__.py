"""`utils service`: the list, and what moves a service. Source: interfaces-cli.md 3."""
