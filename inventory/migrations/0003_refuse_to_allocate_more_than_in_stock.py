from django.db import migrations


class Migration(migrations.Migration):
    """Oscar's `StockRecord.allocate` adds without asking; any path that still uses it fails here, loudly."""

    dependencies = [("inventory", "0002_append_only_ledger"), ("partner", "0007_partneraddress_code")]
    operations = [
        migrations.RunSQL(
            sql="""
            ALTER TABLE partner_stockrecord ADD CONSTRAINT inventory_totals_within_stock
                CHECK (num_allocated >= 0 AND num_allocated <= num_in_stock)
            """,
            reverse_sql="ALTER TABLE partner_stockrecord DROP CONSTRAINT inventory_totals_within_stock",
        )
    ]
