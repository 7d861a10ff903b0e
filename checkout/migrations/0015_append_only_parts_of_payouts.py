from django.db import migrations

from shop.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("checkout", "0014_keep_what_payouts_consist_of")]
    operations = [make_append_only("checkout_payoutitem")]
