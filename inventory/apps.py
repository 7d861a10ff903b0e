from django.apps import AppConfig


class InventoryConfig(AppConfig):
    name = "inventory"
    label = "inventory"
    verbose_name = "Inventory"

    def ready(self) -> None:
        from catalog.importing.ports import register_location_reader, register_stock_reader, register_stock_writer
        from inventory.counting import count_many, list_location_codes, read_on_hand

        register_stock_writer(count_many)
        register_stock_reader(read_on_hand)
        register_location_reader(list_location_codes)
