from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "inventory"
    label = "inventory"
    verbose_name = "Inventory"

    def ready(self) -> None:
        from catalog.importing import ports
        from inventory import imported_counts, invariants

        ports.register_stock_writer(imported_counts.write_counts)
        ports.register_stock_reader(imported_counts.read_counts)
        ports.register_stock_relation(imported_counts.LEVELS)
        ports.register_location_reader(imported_counts.read_location_codes)
        invariants.register_invariants()
