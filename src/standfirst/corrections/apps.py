from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrectionsConfig(AppConfig):
    name = "standfirst.corrections"
    label = "corrections"
    verbose_name = _("Corrections")

    def ready(self) -> None:
        from standfirst.corrections import account, export, logbook, privacy, receivers, receiving
        from standfirst.letterbox import delivery
        from standfirst.press import catalogue
        from standfirst.readers.account import section_register
        from standfirst.readers.signals import address_changed
        from standfirst.stories import guards, record
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
