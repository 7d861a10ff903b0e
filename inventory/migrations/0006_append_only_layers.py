from django.db import migrations

from shop.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_cost_layers")]
    operations = [make_append_only("inventory_costlayer")]
