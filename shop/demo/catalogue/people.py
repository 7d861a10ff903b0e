"""Customers who never existed, at addresses nobody lives at, with mail domains that are reserved for examples."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """`weight` is how often they buy, relative to the others."""

    first_name: str
    last_name: str
    email: str
    street: str
    postcode: str
    city: str
    region: str
    country: str
    weight: int = 2


LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ë": "e", "ç": "c", " ": "."}
"""How a name's letters are written in a mail address."""


def _person(
    name: str, domain: str, street: str, postcode: str, city: str, country: str, weight: int = 2, region: str = ""
) -> Person:
    first, last = name.split(" ", 1)
    plain = name.lower()
    for letter, spelling in LETTERS.items():
        plain = plain.replace(letter, spelling)
    return Person(first, last, f"{plain}@example.{domain}", street, postcode, city, region, country, weight)


PEOPLE: tuple[Person, ...] = (
    _person("Anneke Vogt", "com", "Lindenweg 14", "10999", "Berlin", "DE", 6),
    _person("Bastian Kröger", "org", "Am Deich 3", "20459", "Hamburg", "DE", 5),
    _person("Carla Messner", "net", "Sonnenstr. 22", "80331", "München", "DE", 4),
    _person("Dilan Aydin", "com", "Venloer Str. 210", "50823", "Köln", "DE", 4),
    _person("Elisabeth Hartung", "org", "Karl-Heine-Str. 61", "04229", "Leipzig", "DE", 4),
    _person("Florian Beck", "net", "Mainzer Landstr. 8", "60325", "Frankfurt am Main", "DE", 3),
    _person("Greta Lohmann", "com", "Ostertorsteinweg 40", "28203", "Bremen", "DE", 3),
    _person("Henrik Sommer", "org", "Rosensteinstr. 12", "70191", "Stuttgart", "DE", 3),
    _person("Ines Paulsen", "net", "Holtenauer Str. 77", "24105", "Kiel", "DE", 3),
    _person("Jonas Wendt", "com", "Louisenstr. 35", "01099", "Dresden", "DE", 3),
    _person("Katrin Oßwald", "org", "Günterstalstr. 9", "79102", "Freiburg", "DE", 3),
    _person("Lukas Brandner", "net", "Friedenstr. 5", "93051", "Regensburg", "DE", 2),
    _person("Mara Thelen", "com", "Adalbertstr. 18", "52062", "Aachen", "DE", 2),
    _person("Nora Lindqvist", "org", "Gneisenaustr. 2", "10961", "Berlin", "DE", 5),
    _person("Oskar Reimann", "net", "Wiener Str. 44", "10999", "Berlin", "DE", 4),
    _person("Paula Findeisen", "com", "Kaßberg 6", "09112", "Chemnitz", "DE", 2),
    _person("Rahel Steinbach", "org", "Untere Karspüle 7", "37073", "Göttingen", "DE", 2),
    _person("Sami Haddad", "net", "Nordring 101", "44787", "Bochum", "DE", 2),
    _person("Theresa Wolters", "com", "Hafenweg 26", "48155", "Münster", "DE", 3),
    _person("Uwe Carstens", "org", "Dorfstr. 1", "25946", "Nebel", "DE", 2),
    _person("Verena Hofer", "com", "Neubaugasse 33", "1070", "Wien", "AT", 4),
    _person("Matthias Egger", "net", "Getreidegasse 8", "5020", "Salzburg", "AT", 3),
    _person("Judith Pichler", "org", "Sporgasse 11", "8010", "Graz", "AT", 3),
    _person("Camille Fournier", "com", "12 rue des Martyrs", "75009", "Paris", "FR", 4),
    _person("Julien Mercier", "org", "5 quai des Bateliers", "67000", "Strasbourg", "FR", 3),
    _person("Léa Garnier", "net", "28 rue Sainte-Catherine", "33000", "Bordeaux", "FR", 2),
    _person("Femke Visser", "com", "Oudegracht 112", "3511 AW", "Utrecht", "NL", 4),
    _person("Daan Jansen", "org", "Prinsengracht 480", "1017 KG", "Amsterdam", "NL", 4),
    _person("Kees Bakker", "net", "Witte de Withstraat 9", "3012 BL", "Rotterdam", "NL", 2),
    _person("Regula Ammann", "com", "Spalenberg 20", "4051", "Basel", "CH", 2),
    _person("Beat Zürcher", "org", "Langstrasse 88", "8004", "Zürich", "CH", 2),
    _person("Emily Carter", "com", "418 Maple Street", "97209", "Portland", "US", 1, "OR"),
    _person("Noah Bennett", "net", "77 Prospect Avenue", "11215", "Brooklyn", "US", 1, "NY"),
    _person("Harriet Wells", "org", "9 Clifton Terrace", "BS8 4DP", "Bristol", "GB", 2),
    _person("Callum Fraser", "com", "31 Marchmont Road", "EH9 1HX", "Edinburgh", "GB", 1),
)
