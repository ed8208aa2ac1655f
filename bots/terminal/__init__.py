"""The terminal door: how a Reply looks there and how a line becomes an Incoming."""
