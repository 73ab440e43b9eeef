"""What happens to phones as time passes: what they have before them, how long it takes, and who waits for whom."""
