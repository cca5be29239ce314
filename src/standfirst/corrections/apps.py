from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrectionsConfig(AppConfig):
    name = "standfirst.corrections"
    label = "corrections"
    verbose_name = _("Corrections")

    def ready(self) -> None:
        from django.db.models.signals import post_save, pre_save

        from standfirst.corrections import account, export, logbook, privacy, receivers, receiving
        from standfirst.corrections.services.withholding import withheld_problems, withheld_stories
        from standfirst.letterbox import delivery
        from standfirst.press import catalogue
        from standfirst.readers.account import section_register
        from standfirst.readers.signals import address_changed
        from standfirst.stories import checks, guards, record, withheld
        from standfirst.stories.signals import story_published, version_frozen

        delivery.receiver_register(receiving.SPOOL_KIND, receiving.suggestion_deliver)
        guards.guard("corrections_correction", ("number",), ("after_id",))
        guards.guard("corrections_amendment", ("correction_id", "number"))
        record.recorded("correction", logbook.corrections_recorded)
        record.recorded("amendment", logbook.amendments_recorded)
        catalogue.ahead(logbook.addresses_ahead)
        export.register()
        privacy.register()
        section_register("suggestions", 300, account.suggestions_part)
        address_changed.connect(receivers.on_address_changed, dispatch_uid="corrections.address_changed")
        story_published.connect(receivers.on_story_published, dispatch_uid="corrections.published")
        version_frozen.connect(receivers.on_version_frozen, dispatch_uid="corrections.version_frozen")
        checks.also(withheld_problems)
        withheld.withheld_by(withheld_stories)
        pre_save.connect(
            receivers.on_working_copy_saved, sender="wagtailcore.Revision", dispatch_uid="corrections.working_copy"
        )
        post_save.connect(
            receivers.on_suggestion_saved, sender="corrections.Suggestion", dispatch_uid="corrections.suggestion"
        )
