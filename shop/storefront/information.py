"""Pages of information: `/info/<slug>/`. The words of the demo shop; a merchant replaces them."""

from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from shop.storefront.promises import RETURN_DAYS
from shop.storefront.words import InformationPage, Section


@require_safe
@gzip_page
def show_page(request: HttpRequest, slug: str) -> HttpResponse:
    page = PAGES.get(slug)
    if page is None:
        raise Http404
    return render(request, "storefront/words.html", {"page": page, "description": page.lead})


def _page(slug: str, title: str, lead: str, *sections: tuple[str, str]) -> InformationPage:
    return InformationPage(
        slug=slug,
        title=title,
        lead=lead,
        sections=tuple(Section(title=heading, paragraphs=tuple(text.split("\n"))) for heading, text in sections),
    )


_NAME: Final = settings.SHOP_NAME
_PAGES: Final = (
    _page(
        "delivery",
        "Delivery",
        "What it costs is shown in the basket, when it arrives is shown in the checkout. Neither changes afterwards.",
        (
            "Cost",
            "The basket names the cost of delivery for your country, and how much is missing until it is free. "
            "Heavy things cost more to send; the weight is part of the figure you see.",
        ),
        (
            "Time",
            "We pack on working days. The checkout gives the first and the last day on which the parcel should arrive, "
            "for each way of sending it.",
        ),
        (
            "More than one parcel",
            "When your things lie in two places we send two parcels. You pay for one, and each has its own tracking.",
        ),
    ),
    _page(
        "returns",
        "Returns",
        f"You may send anything back within {RETURN_DAYS} days, without saying why.",
        (
            "How",
            "Answer the mail that confirmed your order and name what goes back. We answer with the address and a return "
            "number within one working day.",
        ),
        (
            "Money",
            "The refund goes back the way it came, at the latest 14 days after we hear from you. We may wait until the "
            "things are here, or until you show that they are on their way.",
        ),
        (
            "Before it is sent",
            "As long as nothing is packed, you can cancel the order yourself on its page. The whole sum goes back at once.",
        ),
    ),
    _page(
        "contact",
        "Contact",
        "A person reads what you write, on working days within one day.",
        (
            "By mail",
            f"Write to {settings.DEFAULT_FROM_EMAIL.split('<')[-1].rstrip('>')}. For an order, its number helps.",
        ),
    ),
    _page(
        "about",
        f"About {_NAME}",
        f"{settings.SHOP_TAGLINE}, from people who make few things and make them well.",
        (
            "What we choose",
            "Lamps, ceramics, textiles, tea and paper from small workshops. We take a thing into the shop when we have "
            "used it for a season, know who made it, and would buy it again.",
        ),
        (
            "What we leave out",
            "Countdowns, crossed-out prices that were never asked, and things that cannot be repaired.",
        ),
    ),
    _page(
        "care",
        "Materials and care",
        "Most things last longer when less is done to them.",
        ("Stoneware", "The dishwasher is fine. Let it cool before you pour cold water in: it dislikes sudden changes."),
        ("Linen", "Wash at 40 °C with little spin, dry it on a line. It softens with every wash and needs no ironing."),
        (
            "Oak and ash",
            "Wipe with a damp cloth. Once a year a thin coat of oil, rubbed in and wiped off, keeps stains out.",
        ),
        ("Brass", "It darkens where hands touch it. Leave it so, or polish it with lemon and salt."),
    ),
    _page(
        "terms",
        "Terms",
        "What both sides can rely on.",
        (
            "The contract",
            "Showing a product is an invitation. You make an offer by pressing the button that names the sum; we accept it "
            "when the payment is confirmed. If we cannot accept, nothing is charged, or what was charged goes back at once.",
        ),
        (
            "The price",
            "You pay the sum on the button. If a price, a tax or the delivery changed while you were here, you see the old "
            "and the new figure before you are asked to pay.",
        ),
        (
            "Right of withdrawal",
            f"Consumers may withdraw within 14 days of receiving the goods, by law; we give you {RETURN_DAYS}. A short mail "
            "is enough.",
        ),
        ("Warranty", "The statutory rights apply to everything we sell, for two years."),
    ),
    _page(
        "privacy",
        "Privacy",
        "We keep what an order needs, and nothing watches you while you look around.",
        (
            "Looking around",
            "Pages set no cookie and load nothing from anybody else. Once you put something into the basket, one cookie "
            "remembers which basket is yours and another how many things are in it.",
        ),
        (
            "Buying",
            "Name, address and e-mail are kept with the order, for as long as tax law asks. Card details go to the payment "
            "provider and never reach us.",
        ),
        (
            "Your rights",
            "You may ask what we hold about you, have it corrected, or have it deleted once the law allows.",
        ),
    ),
    _page(
        "imprint",
        "Imprint",
        f"{_NAME} is a demonstration: nothing that you order here is sent.",
        ("Responsible", "The merchant who runs this shop puts name, address, register and tax number here."),
    ),
    _page(
        "accessibility",
        "Accessibility",
        "The shop is meant to be used by everybody, with any device, with or without JavaScript.",
        (
            "What we aim at",
            "The Web Content Accessibility Guidelines 2.2, level AA. Each page is checked by machine before it is released, "
            "and the way from the home page to the paid order is tried with the keyboard alone and at a width of 320 pixels.",
        ),
        (
            "If something stands in your way",
            "Write to us and say where. We repair it, and until then help you to order by mail.",
        ),
    ),
)
PAGES: Final = {page.slug: page for page in _PAGES}
