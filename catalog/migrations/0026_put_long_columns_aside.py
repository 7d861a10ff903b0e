from django.db import migrations

# PostgreSQL puts long columns aside (0021) only of rows with more than two thousand bytes; most documents are shorter.
# This column makes every row so long. It is compressed to some thirty bytes where it stands, and nobody reads it.
_FORWARDS = """
ALTER TABLE catalog_searchdocument ALTER COLUMN facets SET STORAGE EXTERNAL;
ALTER TABLE catalog_searchdocument ADD COLUMN pad text GENERATED ALWAYS AS (repeat(' ', 1600)) STORED;
"""
_BACKWARDS = """
ALTER TABLE catalog_searchdocument DROP COLUMN pad;
ALTER TABLE catalog_searchdocument ALTER COLUMN facets SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0025_files_for_sale")]
    operations = [migrations.RunSQL(sql=_FORWARDS, reverse_sql=_BACKWARDS)]
