"""The commands of the platform command line, one module per subject; each offers its rows as `COMMANDS`."""
