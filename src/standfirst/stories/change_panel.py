"""The question of publishing on the story form: shown at the top when it is asked, and only then."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel


class ChangePanel(Panel):
    """What is this change? The form says whether it is asked (forms.StoryForm.question)."""

    def get_form_options(self) -> dict[str, Any]:
        return {"fields": ["change_label", "change_note"]}

    class BoundPanel(Panel.BoundPanel):
        template_name = "stories/desk/change.html"

        def is_shown(self) -> bool:
            return getattr(self.form, "question", None) is not None

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {"self": self, **asked(self.form)}


def asked(form: Any) -> dict[str, Any]:
    """What the question's template needs of a form."""
    question = form.question
    is_answered = bool(question and form.data.get("change_of") == question.mark)
    return {
        "question": question,
        "label": form.data.get("change_label", "") if is_answered else question.label,
        "note": form.data.get("change_note", "") if is_answered else question.note,
        "label_errors": form.errors.get("change_label", []) if is_answered else [],
        "note_errors": form.errors.get("change_note", []) if is_answered else [],
    }
