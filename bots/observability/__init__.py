"""What the people who run Stoa look at: metrics, health, logs."""
