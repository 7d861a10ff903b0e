"""A list that staff see is one entry with the keys of its rows; by this index an order finds the lists it was in."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # CONCURRENTLY: nobody waits for it.

    dependencies = [("audit", "0002_append_only_audit")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_orders_in_lists ON audit_auditentry"
            " USING gin ((after -> 'orders') jsonb_path_ops) WHERE action = 'look at list'",
            "DROP INDEX CONCURRENTLY IF EXISTS audit_orders_in_lists",
        )
    ]
