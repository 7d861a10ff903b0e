"""Indexes for the search box on Oscar's order tables; columns stay as they are."""

from django.db import migrations

INDEXES = {
    "backoffice_order_guest_email": "order_order (lower(guest_email) text_pattern_ops)",
    "backoffice_order_line_sku": "order_line (partner_sku)",
    "backoffice_user_email": "accounts_user (lower(email) text_pattern_ops)",
    "backoffice_shipment_tracking": "fulfilment_shipment (tracking_number) WHERE tracking_number <> ''",
    "backoffice_order_status_date": "order_order (status, date_placed DESC, id DESC)",
}


class Migration(migrations.Migration):
    dependencies = [
        ("backoffice", "0001_carry_the_rights"),
        ("order", "0021_billingaddress_code_shippingaddress_code"),
        ("accounts", "0001_initial"),
        ("fulfilment", "0002_initial"),
    ]

    operations = [
        migrations.RunSQL(sql=f"CREATE INDEX {name} ON {columns}", reverse_sql=f"DROP INDEX {name}")
        for name, columns in INDEXES.items()
    ]
