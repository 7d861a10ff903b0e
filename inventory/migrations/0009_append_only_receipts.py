from django.db import migrations

from shop.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("inventory", "0008_purchase_orders")]
    operations = [make_append_only("inventory_goodsreceipt"), make_append_only("inventory_receiptline")]
