"""Work for later: the job port, slots of clock ticks, leases and received updates."""
