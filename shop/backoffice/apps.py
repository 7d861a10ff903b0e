from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "shop.backoffice"
    label = "backoffice"
    verbose_name = "Back office"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added, authenticator_removed

        from shop.backoffice.gate import note_enrolment, note_removal

        authenticator_added.connect(note_enrolment, dispatch_uid="backoffice.note_enrolment")
        authenticator_removed.connect(note_removal, dispatch_uid="backoffice.note_removal")
