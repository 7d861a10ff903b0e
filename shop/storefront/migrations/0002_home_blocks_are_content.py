from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("storefront", "0001_initial"),
        ("content", "0003_starter_words"),
    ]
    operations = [migrations.DeleteModel(name="HomeBlock")]
