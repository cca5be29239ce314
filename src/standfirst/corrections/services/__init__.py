"""The room's doors, by subject: every write, one function per newsroom act."""
