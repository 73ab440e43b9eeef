"""AXL: reading by SQL, phones and their resets, parameters."""
