"""What readers challenge, what the desk makes of it, and the public log."""

from standfirst.corrections.models.challenges import Case, Suggestion
from standfirst.corrections.models.desk import ReadyAnswer
from standfirst.corrections.models.log import Amendment, Correction, CorrectionLabel, CorrectionText, SecondLook

__all__ = [
    "Amendment",
    "Case",
    "Correction",
    "CorrectionLabel",
    "CorrectionText",
    "ReadyAnswer",
    "SecondLook",
    "Suggestion",
]
