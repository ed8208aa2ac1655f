"""Models that can answer a learner: one small protocol, one file each."""
