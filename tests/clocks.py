"""The guards' clock, for the tests that send forms."""

from standfirst.letterbox import guards


class Clock:
    """A clock that moves only when a test says so."""

    def __init__(self, now):
        # An hour begins: no period of the guards ends in the middle of a test.
        self.now = now // 3600 * 3600 + 1

    def __call__(self):
        return self.now


def stopped(monkeypatch):
    """Stop the guards' clock at the beginning of this hour, and give it."""
    clock = Clock(guards.time.time())
    monkeypatch.setattr(guards.time, "time", clock)
    return clock
