"""The parts of EU countries to which the VAT directive does not apply: goods sent there are exports.

Directive 2006/112/EC, Article 6, by the postcodes of their post offices. Regions with rates of their own (Madeira, the
Azores, Jungholz) are not here: the merchant enters zone and rates together, since one without the other taxes wrongly.
"""

from checkout.tax.records import TaxZone

OUTSIDE = (
    ("ES-CN", "Canary Islands", ("35", "38")),
    ("ES-CE", "Ceuta", ("51",)),
    ("ES-ML", "Melilla", ("52",)),
    ("FI-01", "Åland Islands", ("22",)),
    ("DE-BUS", "Büsingen", ("78266",)),
    ("DE-HEL", "Heligoland", ("27498",)),
    ("IT-LIV", "Livigno", ("23041",)),
    ("IT-CAM", "Campione d'Italia", ("22061",)),
    ("GR-69", "Mount Athos", ("63086", "63087")),
    ("FR-971", "Guadeloupe and Saint-Martin", ("971",)),
    ("FR-972", "Martinique", ("972",)),
    ("FR-973", "French Guiana", ("973",)),
    ("FR-974", "Réunion", ("974",)),
    ("FR-976", "Mayotte", ("976",)),
)


def load_eu_zones() -> int:
    """Add the zones that are not known yet; returns how many. The merchant's own stay as they are."""
    known = set(TaxZone.objects.values_list("code", flat=True))
    rows = [
        TaxZone(code=code, country=code[:2], name=name, postcodes=list(postcodes), is_outside=True)
        for code, name, postcodes in OUTSIDE
        if code not in known
    ]
    TaxZone.objects.bulk_create(rows)
    return len(rows)
