"""Trust lists: the bytes of ITL, CTL and signed files, what stands in them, and who signs and serves them when."""
