"""WooCommerce names the columns of its export in the language of the site: the English names of those of five others."""

import re
from collections.abc import Iterable
from functools import lru_cache
from types import MappingProxyType
from typing import Final

WORDS: Final = MappingProxyType(
    {
        "type": "typ, tipo",
        "sku": "artikelnummer, art.-nr., ugs, cod, codice",
        "gtin, upc, ean, or isbn": "gtin, upc, ean oder isbn|gtin, upc, ean ou isbn|gtin, upc, ean o isbn|gtin, upc, ean of isbn",
        "name": "nom, nombre, nome, naam",
        "published": "veröffentlicht, publié, publicado, pubblicato, gepubliceerd",
        "visibility in catalog": "sichtbarkeit im katalog, visibilité dans le catalogue, visibilidad en el catálogo, "
        "visibilità nel catalogo, zichtbaarheid in catalogus",
        "short description": "kurzbeschreibung, description courte, descripción corta, breve descrizione, descrizione breve, "
        "korte beschrijving",
        "description": "beschreibung, descripción, descrizione, beschrijving",
        "date sale price starts": "datum, an dem angebotspreis beginnt|date de début de promo|"
        "día en que empieza el precio rebajado|data di inizio del prezzo in offerta|inizio data prezzo scontato|"
        "startdatum actieprijs|datum begin actieprijs",
        "date sale price ends": "datum, an dem angebotspreis endet|date de fin de promo|"
        "día en que termina el precio rebajado|data di fine del prezzo in offerta|fine data prezzo scontato|"
        "einddatum actieprijs|datum einde actieprijs",
        "tax status": "steuerstatus, état de la tva, estado del impuesto, stato delle imposte, stato imposta, belastingstatus",
        "tax class": "steuerklasse, classe de tva, clase de impuesto, aliquota di imposta, classe d'imposta, belastingklasse",
        "in stock?": "vorrätig?, auf lager?, en stock ?, en stock?, ¿en inventario?, ¿existencias?, ¿hay existencias?, "
        "in stock?, disponibile?, op voorraad?",
        "stock": "lager, bestand, lagerbestand, inventario, magazzino, scorte, voorraad",
        "sale price": "angebotspreis, tarif promo, precio rebajado, prezzo in offerta, prezzo scontato, actieprijs",
        "regular price": "regulärer preis, tarif régulier, precio normal, prezzo di listino, prezzo regolare, reguliere prijs, "
        "normale prijs",
        "categories": "kategorien, catégories, categorías, categorie, categorieën",
        "tags": "schlagwörter, étiquettes, etiquetas, tag",
        "images": "bilder, imágenes, immagini, afbeeldingen",
        "brands": "marken, marques, marcas, marchi, brand, merken",
        "parent": "übergeordnetes produkt, superior, principal, genitore, bovenliggend, hoofd",
    }
)
_NAMES: Final = {
    word.strip(): english
    for english, words in WORDS.items()
    for word in words.split("|" if "|" in words else ",")
    if word.strip() != english
}
_PATTERNS: Final = (
    (re.compile(r"(?:gewicht|poids|peso) \((.+)\)"), r"weight (\1)"),
    (
        re.compile(r"(?:attribut (\d+) name|nom de l'attribut (\d+)|nombre del atributo (\d+)|nome (?:dell')?attributo (\d+)|"
                   r"naam attribuut (\d+)|attribuut (\d+) naam)"),
        "attribute {} name",
    ),
    (
        re.compile(r"(?:attribut (\d+) wert\(e\)|valeur\(s\) de l'attribut (\d+)|valor\(es\) del atributo (\d+)|"
                   r"valor[ei]/?[ei]? (?:dell')?attributo (\d+)|waarden? attribuut (\d+)|attribuut (\d+) waarde(?:\(n\)|n)?)"),
        "attribute {} value(s)",
    ),
)  # fmt: skip


def translate(header: Iterable[str]) -> dict[str, str]:
    """English names, in lower case, by the lower-case names of those columns that are in another language."""
    found = {}
    for name in header:
        plain = name.casefold()
        english = _translate(plain.replace("’", "'"))
        if english and english != plain:
            found[plain] = english
    return found


@lru_cache(maxsize=1024)
def _translate(plain: str) -> str:
    if plain in _NAMES:
        return _NAMES[plain]
    for pattern, english in _PATTERNS:
        if match := pattern.fullmatch(plain):
            number = next(group for group in match.groups() if group)
            return match.expand(english) if "\\" in english else english.format(number)
    return ""
