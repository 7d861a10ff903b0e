from django.db import migrations

from shop.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("checkout", "0012_what_a_refund_is_for")]
    operations = [make_append_only("checkout_refundpart")]
