"""Pages may show prices that hold a tax they were not entered with: changes of its rates are noted from now on."""

from typing import Any

from django.db import migrations

from shop.page_cache.changes import watch_tables


def watch(apps: Any, schema_editor: Any) -> None:
    watch_tables()


class Migration(migrations.Migration):
    dependencies = [("checkout", "0026_pay_on_our_page")]
    operations = [migrations.RunPython(watch, migrations.RunPython.noop)]
