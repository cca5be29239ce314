"""What readers challenge, what the desk makes of it, and the public log."""

from standfirst.corrections.models.challenges import Case, Suggestion
from standfirst.corrections.models.desk import ReadyAnswer
from standfirst.corrections.models.log import (
    Amendment,
    AmendmentText,
    Correction,
    CorrectionLabel,
    CorrectionText,
    SecondLook,
)
from standfirst.corrections.models.withholding import WithheldOriginal, WithheldReach, Withholding, WithholdingRules

__all__ = [
    "Amendment",
    "AmendmentText",
    "Case",
    "Correction",
    "CorrectionLabel",
    "CorrectionText",
    "ReadyAnswer",
    "SecondLook",
    "Suggestion",
    "WithheldOriginal",
    "WithheldReach",
    "Withholding",
    "WithholdingRules",
]
