from django.db import migrations


class Migration(migrations.Migration):
    """A part is never a kit itself, so that what is inside a kit is read in one step and locked in one."""

    dependencies = [("catalog", "0010_kits")]
    operations = [
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION refuse_kit_in_kit() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF EXISTS (SELECT 1 FROM catalog_kit WHERE stock_record_id = NEW.component_id)
                   OR EXISTS (SELECT 1 FROM catalog_kitpart WHERE component_id = NEW.kit_id) THEN
                    RAISE EXCEPTION 'a kit holds single things, not other kits' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER catalog_kit_in_kit BEFORE INSERT OR UPDATE ON catalog_kitpart
                FOR EACH ROW EXECUTE FUNCTION refuse_kit_in_kit();
            """,
            reverse_sql="""
            DROP TRIGGER catalog_kit_in_kit ON catalog_kitpart;
            DROP FUNCTION refuse_kit_in_kit();
            """,
        )
    ]
