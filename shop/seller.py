"""Who sells, as the law wants it on a paper and on the imprint page. From the environment; a demo shop has a made-up seller."""

from dataclasses import asdict, dataclass

from shop import environment as env


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """`vat_id` with its country code; `register` is the line about the commercial register, if there is one."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    vat_id: str
    register: str
    email: str
    phone: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)

    @property
    def missing(self) -> list[str]:
        """Which variables an invoice needs and does not have (Directive 2006/112/EC, Article 226)."""
        needed = ("street", "postcode", "city", "vat_id")
        return [f"SELLER_{name.upper()}" for name in needed if not getattr(self, name)]


_DEMO = {
    "street": "Lindenhof 3",
    "postcode": "10999",
    "city": "Berlin",
    "vat_id": "DE000000000",
    "register": "A demo shop: there is no such company.",
    "email": "hello@lumen-and-loom.example",
    "phone": "",
}


def read_seller(*, shop_name: str, country: str, is_demo: bool) -> Seller:
    given = {name: env.text(f"SELLER_{name.upper()}", default=_DEMO[name] if is_demo else "") for name in _DEMO}
    return Seller(name=env.text("SELLER_NAME", default=shop_name), country=country, **given)
