from django.db import migrations

from shop.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("checkout", "0021_rights_to_downloads")]
    operations = [make_append_only("checkout_download")]
