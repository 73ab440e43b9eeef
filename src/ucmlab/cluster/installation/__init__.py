"""What a cluster is on the day it is installed: founded from a scenario, on paper, with no clock and no folder."""
