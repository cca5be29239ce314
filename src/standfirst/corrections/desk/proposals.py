"""What a change of wording is likely to be, for the form that accepts it."""

from __future__ import annotations

from standfirst.corrections.standing import Standing
from standfirst.kit.anchoring import Passage
from standfirst.kit.changes import Proposal, proposal


def proposed(standing: Standing, wording: str, language: str) -> Proposal:
    """Compare the passage as it is with the passage as it would be."""
    old = Passage("passage", f"{standing.before}{standing.words}{standing.after}")
    new = Passage("passage", f"{standing.before}{wording}{standing.after}")
    return proposal([old], [new], language=language)
