"""The platform command line of a node, as SSH shows it: characters in, text out. Source: interfaces-cli.md."""
