"""Numbers over many learners: daily roll-ups, events and system metrics."""
