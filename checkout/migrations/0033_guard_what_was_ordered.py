"""What an order was placed with stays: its addresses, its priced quote and its consents; and none begins without consent.

The order's page and its papers read these rows. A correction is a new document or a line of the timeline, not an edit.
"""

from django.db import migrations

ADDRESSES = (("order_shippingaddress", "shipping_address_id"), ("order_billingaddress", "billing_address_id"))

_ADDRESS = """
CREATE OR REPLACE FUNCTION guard_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM order_order WHERE {column} = OLD.id) THEN
        RAISE EXCEPTION 'row % of {table} is the address of an order and stays as it is', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER {table}_of_an_order_stays BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION guard_{table}();
CREATE TRIGGER {table}_of_an_order_is_kept BEFORE DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION guard_{table}();
"""
_ORDER = """
CREATE OR REPLACE FUNCTION refuse_other_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what order % was placed with stays as it is', to_jsonb(OLD) ->> TG_ARGV[0]
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER order_addresses_stay BEFORE UPDATE OF shipping_address_id, billing_address_id ON order_order
    FOR EACH ROW WHEN ((OLD.shipping_address_id, OLD.billing_address_id)
                       IS DISTINCT FROM (NEW.shipping_address_id, NEW.billing_address_id))
    EXECUTE FUNCTION refuse_other_order('id');
CREATE TRIGGER placed_order_stays BEFORE UPDATE OF quote, consents ON checkout_placedorder
    FOR EACH ROW WHEN (OLD.quote IS DISTINCT FROM NEW.quote OR OLD.consents IS DISTINCT FROM NEW.consents)
    EXECUTE FUNCTION refuse_other_order('order_id');
"""
_CONSENT = """
CREATE OR REPLACE FUNCTION refuse_order_without_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'order % has no consent to the terms of sale', NEW.order_id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER placed_order_has_consent BEFORE INSERT ON checkout_placedorder
    FOR EACH ROW WHEN (NEW.consents #>> '{terms,text_hash}' IS NULL OR NEW.consents #>> '{terms,at}' IS NULL)
    EXECUTE FUNCTION refuse_order_without_consent();
"""
FORWARD = "".join(_ADDRESS.format(table=table, column=column) for table, column in ADDRESSES) + _ORDER + _CONSENT
REVERSE = """
DROP TRIGGER placed_order_has_consent ON checkout_placedorder; DROP FUNCTION refuse_order_without_consent();
DROP TRIGGER placed_order_stays ON checkout_placedorder; DROP TRIGGER order_addresses_stay ON order_order;
DROP FUNCTION refuse_other_order();
""" + "".join(
    f"DROP TRIGGER {table}_of_an_order_stays ON {table}; DROP TRIGGER {table}_of_an_order_is_kept ON {table};"
    f" DROP FUNCTION guard_{table}();"
    for table, _ in ADDRESSES
)


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0032_append_only_words_of_mails"),
        ("order", "0021_billingaddress_code_shippingaddress_code"),
    ]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
