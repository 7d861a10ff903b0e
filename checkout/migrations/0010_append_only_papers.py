from django.db import migrations

from shop.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("checkout", "0009_write_papers_in_gapless_series")]
    operations = [make_append_only("checkout_paper"), make_append_only("checkout_paperfile")]
