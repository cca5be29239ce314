"""The desk's side of corrections: the queue and its decisions. HTTP in, HTTP out; every write is a door of services."""
