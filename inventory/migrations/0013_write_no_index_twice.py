"""Indexes of which another one of the same table begins with the same column, which then is found by that one."""

import django.db.models.deletion
from django.db import migrations, models

INDEXES = (
    ("inventory_costlayer", "stock_record_id", "inventory_costlayer_stock_record_id_76d10c9e"),
    ("inventory_stocklevel", "stock_record_id", "inventory_stocklevel_stock_record_id_d1f084a3"),
    ("inventory_stockmovement", "stock_record_id", "inventory_stockmovement_stock_record_id_af4bfef4"),
)


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY: nobody waits for it. Altering the fields would check their foreign keys anew.

    dependencies = [
        ("inventory", "0012_transfers_and_count_sheets"),
        ("partner", "0007_partneraddress_code"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} ({column})",
                )
                for table, column, name in INDEXES
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="costlayer",
                    name="stock_record",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="cost_layers",
                        to="partner.stockrecord",
                    ),
                ),
                migrations.AlterField(
                    model_name="stocklevel",
                    name="stock_record",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="levels",
                        to="partner.stockrecord",
                    ),
                ),
                migrations.AlterField(
                    model_name="stockmovement",
                    name="stock_record",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="movements",
                        to="partner.stockrecord",
                    ),
                ),
            ],
        )
    ]
