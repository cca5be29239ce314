"""The demo newsroom: a small invented paper, The Lantern, with its staff, pictures and stories."""
