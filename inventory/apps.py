from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "inventory"
    label = "inventory"
    verbose_name = "Inventory"

    def ready(self) -> None:
        from catalog.importing import ports
        from inventory import backorder_invariants, first_counts, imported_counts, invariants, transfer_invariants
        from inventory.costs import invariants as cost_invariants
        from inventory.purchasing import invariants as purchase_invariants
        from shop.page_cache.moments import register_moment, register_shown

        ports.register_stock_writer(imported_counts.write_counts)
        ports.register_first_writer(first_counts.write_first_counts)
        ports.register_stock_reader(imported_counts.read_counts)
        ports.register_stock_relation(imported_counts.LEVELS)
        ports.register_location_reader(imported_counts.read_locations)
        invariants.register_invariants()
        cost_invariants.register_invariants()
        purchase_invariants.register_invariants()
        backorder_invariants.register_invariants()
        transfer_invariants.register_invariants()
        register_moment(
            "reservations",
            table="inventory_reservation",
            judged=["expires_at"],
            sql="SELECT min(expires_at) FROM inventory_reservation WHERE released_at IS NULL AND expires_at > now()",
        )
        register_shown("inventory_reservation", "released_at", "created_at")
        register_moment(
            "promised days",
            table="inventory_backorderpolicy",
            judged=["promised_on"],
            sql="SELECT min((promised_on + 1)::timestamp AT TIME ZONE %(zone)s) FROM inventory_backorderpolicy"
            " WHERE (promised_on + 1)::timestamp AT TIME ZONE %(zone)s > now()",
        )
        register_shown("inventory_backorderpolicy", "changed_at")
        register_shown("inventory_backorder", "promised_on", "created_at")
