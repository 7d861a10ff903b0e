"""The states of the USA as tax zones, known by the first three digits of a ZIP code, and the sales tax of each state.

The general rates of the states themselves, in percent; a merchant checks them with the state's department of revenue.
Counties and cities add their own: those are entered as zones with their ZIP codes, which count before the state's, or come
from a service (checkout.tax.port). Nothing is collected anywhere before a nexus is entered. Each row can be ended and
followed by another in the admin.
"""

from datetime import date
from decimal import Decimal

from django.db import transaction

from checkout.tax.records import TaxRate, TaxZone

TABLE_BEGINS = date(2026, 1, 1)
STATES = """
AL 4 350-369 Alabama
AK 0 995-999 Alaska
AZ 5.6 850-865 Arizona
AR 6.5 716-729 Arkansas
CA 7.25 900-961 California
CO 2.9 800-816 Colorado
CT 6.35 060-069 Connecticut
DE 0 197-199 Delaware
DC 6 200,202-205,569 District of Columbia
FL 6 320-339,341-342,344,346-347,349 Florida
GA 4 300-319,398-399 Georgia
HI 4 967-968 Hawaii
ID 6 832-838 Idaho
IL 6.25 600-629 Illinois
IN 7 460-479 Indiana
IA 6 500-528 Iowa
KS 6.5 660-679 Kansas
KY 6 400-427 Kentucky
LA 5 700-714 Louisiana
ME 5.5 039-049 Maine
MD 6 206-219 Maryland
MA 6.25 010-027,055 Massachusetts
MI 6 480-499 Michigan
MN 6.875 550-567 Minnesota
MS 7 386-397 Mississippi
MO 4.225 630-658 Missouri
MT 0 590-599 Montana
NE 5.5 680-693 Nebraska
NV 6.85 889-898 Nevada
NH 0 030-038 New Hampshire
NJ 6.625 070-089 New Jersey
NM 4.875 870-884 New Mexico
NY 4 005,06390,100-149 New York
NC 4.75 270-289 North Carolina
ND 5 580-588 North Dakota
OH 5.75 430-459 Ohio
OK 4.5 730-731,734-749 Oklahoma
OR 0 970-979 Oregon
PA 6 150-196 Pennsylvania
RI 7 028-029 Rhode Island
SC 6 290-299 South Carolina
SD 4.2 570-577 South Dakota
TN 7 370-385 Tennessee
TX 6.25 733,750-799,885 Texas
UT 4.85 840-847 Utah
VT 6 050-054,056-059 Vermont
VA 5.3 201,220-246 Virginia
WA 6.5 980-994 Washington
WV 6 247-268 West Virginia
WI 5 530-549 Wisconsin
WY 4 820-831 Wyoming
"""
CLASSES = ("standard", "reduced", "books")


def load_us_states(*, valid_from: date = TABLE_BEGINS) -> int:
    """Add the states that are not known yet, with a rate for each class; returns how many. Others stay as they are."""
    known = set(TaxZone.objects.filter(country="US").values_list("code", flat=True))
    zones, rates = [], []
    for row in STATES.strip().splitlines():
        short, percent, postcodes, name = row.split(" ", 3)
        code = f"US-{short}"
        if code in known:
            continue
        zones.append(TaxZone(code=code, country="US", name=name, postcodes=postcodes.split(",")))
        amounts = {**dict.fromkeys(CLASSES, Decimal(percent) / 100), "zero": Decimal(0)}
        words = {tax_class: f"{name} sales tax {Decimal(percent):f} %" for tax_class in CLASSES}
        rates += [
            TaxRate(
                country=code, tax_class=tax_class, rate=rate, name=words.get(tax_class, "No tax"), valid_from=valid_from
            )
            for tax_class, rate in amounts.items()
        ]
    with transaction.atomic():
        TaxZone.objects.bulk_create(zones)
        TaxRate.objects.bulk_create(rates)
    return len(zones)
