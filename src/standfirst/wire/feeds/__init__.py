"""Feeds in three forms: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1 (FD-03, FD-04, FD-05)."""
