"""What things cost, measured: `make bench` prints one table, `make crash` kills a run at every ledger append."""
