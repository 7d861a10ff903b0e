from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    label = "catalog"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from catalog.importing import lists, redirect_file
        from catalog.invariants import register_checks
        from catalog.moments import register_moments
        from catalog.wiring import wire_events

        register_checks()
        wire_events()
        lists.register_list(redirect_file.KIND)
        register_moments()
