"""How much of what is random: little in `make test`, much in `make prove`."""

import os

FULL = bool(os.environ.get("STANDFIRST_TEST_FULL"))


def examples(number: int) -> int:
    """How many examples Hypothesis tries; ten times as many in `make prove`."""
    return number * 10 if FULL else number
