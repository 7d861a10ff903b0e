from django.db import migrations

from shop.append_only import make_append_only


class Migration(migrations.Migration):
    dependencies = [("checkout", "0031_word_mails")]
    operations = [make_append_only("checkout_mailwording")]
