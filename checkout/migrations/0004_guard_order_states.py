"""The table of allowed order moves stands in the database too: an update of any other path is refused."""

from django.db import migrations

MOVES = (
    ("pending payment", "paid"),
    ("pending payment", "cancelled"),
    ("paid", "partly shipped"),
    ("paid", "shipped"),
    ("paid", "cancelled"),
    ("paid", "refunded"),
    ("partly shipped", "shipped"),
    ("partly shipped", "refunded"),
    ("shipped", "refunded"),
)
_ALLOWED = ", ".join(f"('{before}', '{after}')" for before, after in MOVES)

FORWARD = f"""
CREATE OR REPLACE FUNCTION guard_order_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.status, NEW.status) NOT IN ({_ALLOWED}) THEN
        RAISE EXCEPTION 'order % cannot move from % to %', OLD.number, OLD.status, NEW.status
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER order_state_guard BEFORE UPDATE OF status ON order_order
    FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION guard_order_state();
"""
REVERSE = "DROP TRIGGER order_state_guard ON order_order; DROP FUNCTION guard_order_state();"


class Migration(migrations.Migration):
    dependencies = [("checkout", "0003_renew_guest_links"), ("order", "0021_billingaddress_code_shippingaddress_code")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
