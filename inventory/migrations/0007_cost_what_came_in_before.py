from django.conf import settings
from django.db import migrations


def post_stated_costs(apps, schema_editor):
    schema_editor.execute(
        """
        INSERT INTO inventory_costlayer (movement_id, stock_record_id, quantity, amount, source)
        SELECT movement.id, movement.stock_record_id, movement.quantity_delta,
               round(detail.cost * movement.quantity_delta, %s), 'stated'
        FROM inventory_stockmovement movement
        JOIN partner_stockrecord record ON record.id = movement.stock_record_id AND record.price_currency = %s
        JOIN catalog_pricedetail detail ON detail.stock_record_id = record.id
        WHERE movement.quantity_delta > 0 AND movement.kind NOT IN ('transfer out', 'transfer in')
          AND detail.cost IS NOT NULL
        """,
        [0 if settings.SHOP_CURRENCY == "JPY" else 2, settings.SHOP_CURRENCY],
    )


class Migration(migrations.Migration):
    """Units that came in before there were layers cost what their product states today."""

    dependencies = [("inventory", "0006_append_only_layers"), ("catalog", "0010_kits")]
    operations = [migrations.RunPython(post_stated_costs, migrations.RunPython.noop)]
