"""The footer, and the kinds of words that pages of information are made of."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterLink:
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FooterGroup:
    title: str
    links: tuple[FooterLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationPage:
    slug: str
    title: str
    lead: str
    sections: tuple[Section, ...]


def _links(**names: str) -> tuple[FooterLink, ...]:
    return tuple(FooterLink(name=name, url=f"/info/{slug}/") for slug, name in names.items())


LEGAL: Final = _links(terms="Terms", privacy="Privacy", imprint="Imprint")
FOOTER: Final = (
    FooterGroup(
        title="Service",
        links=(
            *_links(delivery="Delivery", returns="Returns", contact="Contact"),
            FooterLink(name="Your account", url="/account/"),
        ),
    ),
    FooterGroup(title="The shop", links=_links(about="About us", care="Materials and care")),
    FooterGroup(title="Legal", links=(*LEGAL, *_links(accessibility="Accessibility"))),
)
