"""Services of a node: the table of what runs where, and the state machine of one."""
