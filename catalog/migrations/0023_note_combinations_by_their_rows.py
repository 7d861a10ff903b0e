from django.db import migrations

# From the rows that changed to their variants by index, however large the shop is: planned while the tables were small or
# their statistics old, these questions were answered by reading every variant there is, once for each batch.
_FUNCTIONS = ("catalog_values_changed()", "catalog_axes_changed()", "catalog_note_combinations(bigint[])")
_SETTINGS = ("enable_hashjoin", "enable_mergejoin")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0022_number_the_facets_there_are")]
    operations = [
        migrations.RunSQL(
            sql=[f"ALTER FUNCTION {name} SET {setting} TO off" for name in _FUNCTIONS for setting in _SETTINGS],
            reverse_sql=[f"ALTER FUNCTION {name} RESET {setting}" for name in _FUNCTIONS for setting in _SETTINGS],
        )
    ]
