"""Indexes of which another one of the same table begins with the same column, which then is found by that one."""

import django.db.models.deletion
from django.db import migrations, models

INDEXES = (
    ("catalog_importchange", "run_id", "catalog_importchange_run_id_0850aac1"),
    ("catalog_pricechange", "stock_record_id", "catalog_pricechange_stock_record_id_e9cf3230"),
    ("catalog_variantaxis", "product_id", "catalog_variantaxis_product_id_6057d685"),
    ("catalog_variantcombination", "parent_id", "catalog_variantcombination_parent_id_1d6ba9ab"),
)


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY: nobody waits for it. Altering the fields would check their foreign keys anew.

    dependencies = [
        ("catalog", "0027_note_combinations_however_old_statistics_are"),
        ("catalogue", "0032_category_exclude_from_menu_category_long_description"),
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
                    model_name="importchange",
                    name="run",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="catalog.importrun",
                    ),
                ),
                migrations.AlterField(
                    model_name="pricechange",
                    name="stock_record",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partner.stockrecord",
                    ),
                ),
                migrations.AlterField(
                    model_name="variantaxis",
                    name="product",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variant_axes",
                        to="catalogue.product",
                    ),
                ),
                migrations.AlterField(
                    model_name="variantcombination",
                    name="parent",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.product",
                    ),
                ),
            ],
        )
    ]
