from django.db import migrations

from shop.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("checkout", "0001_initial")]
    operations = [make_append_only("checkout_orderevent")]
