from django.db import migrations

_BODY = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS ({question}) THEN
        RAISE EXCEPTION 'a kit has no stock of its own: {what} belong to its parts' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
"""
_LEVELS = "SELECT 1 FROM written JOIN catalog_kit kit USING (stock_record_id) WHERE written.on_hand <> 0"
_CLAIMS = (
    "SELECT 1 FROM written JOIN catalog_kit kit USING (stock_record_id)"
    " WHERE written.released_at IS NULL AND written.expires_at > statement_timestamp()"
)
_BECOMES = """
SELECT 1 FROM written WHERE EXISTS (
    SELECT 1 FROM inventory_stocklevel level WHERE level.stock_record_id = written.stock_record_id AND level.on_hand <> 0
) OR EXISTS (
    SELECT 1 FROM inventory_reservation held WHERE held.stock_record_id = written.stock_record_id
    AND held.released_at IS NULL AND held.expires_at > statement_timestamp())
"""
_TABLES = (
    ("refuse_stock_of_kit", "inventory_stocklevel", _LEVELS, "units"),
    ("refuse_claim_on_kit", "inventory_reservation", _CLAIMS, "reservations"),
    ("refuse_kit_with_stock", "catalog_kit", _BECOMES, "units and reservations"),
)


def _guard(name: str, table: str, question: str, what: str) -> str:
    """Once per statement, not per row: a file of a hundred thousand counts pays for one look."""
    triggers = "".join(
        f"CREATE TRIGGER {name}_{event.lower()} AFTER {event} ON {table} REFERENCING NEW TABLE AS written"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
        for event in ("INSERT", "UPDATE")
    )
    return _BODY.format(name=name, question=question, what=what) + triggers


def _unguard(name: str, table: str) -> str:
    return f"DROP TRIGGER {name}_insert ON {table}; DROP TRIGGER {name}_update ON {table}; DROP FUNCTION {name}();"


class Migration(migrations.Migration):
    """Whatever path forgets that a kit's units are its parts' units fails loudly."""

    dependencies = [("inventory", "0003_refuse_to_allocate_more_than_in_stock"), ("catalog", "0010_kits")]
    operations = [
        migrations.RunSQL(sql=_guard(*table), reverse_sql=_unguard(*table[:2])) for table in _TABLES
    ]
