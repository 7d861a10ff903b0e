from django.db import migrations

TABLE = """
CREATE TABLE page_cache_change (
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    relation text NOT NULL,
    seen_at timestamptz,
    PRIMARY KEY (transaction, relation)
)
"""
# Once for a transaction and table: nobody else's transaction has the same key, so nobody waits.
NOTE = """
CREATE FUNCTION note_page_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO page_cache_change (relation) VALUES (TG_TABLE_NAME) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
"""
# Jobs that look for work and find none update no row: that is no change.
NOTE_ROWS = """
CREATE FUNCTION note_page_change_of_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM former) THEN
        INSERT INTO page_cache_change (relation) VALUES (TG_TABLE_NAME) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    """The triggers themselves are put on every table that pages may read after each run of `migrate`."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE page_cache_change"),
        migrations.RunSQL(NOTE, "DROP FUNCTION note_page_change() CASCADE"),
        migrations.RunSQL(NOTE_ROWS, "DROP FUNCTION note_page_change_of_rows() CASCADE"),
    ]
