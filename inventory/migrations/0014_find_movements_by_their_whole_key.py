"""The index for patterns of keys: a movement is found by its whole key, for which there is the unique one."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY: nobody waits for it.

    dependencies = [("inventory", "0013_write_no_index_twice")]

    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS inventory_stockmovement_idempotency_key_d31241a6_like",
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS inventory_stockmovement_idempotency_key_d31241a6_like"
            " ON inventory_stockmovement (idempotency_key varchar_pattern_ops)",
        )
    ]
