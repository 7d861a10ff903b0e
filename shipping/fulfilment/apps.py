from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "shipping.fulfilment"
    label = "fulfilment"
    verbose_name = "Fulfilment"

    def ready(self) -> None:
        from shipping.fulfilment import invariants
        from shipping.fulfilment.opening import open_shipments_of_filled_order, open_shipments_of_paid_order
        from shop.outbox.subscribe import subscribe

        subscribe("order.paid", open_shipments_of_paid_order)
        subscribe("backorder.filled", open_shipments_of_filled_order)
        invariants.register()
