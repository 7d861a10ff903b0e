"""A browser without JavaScript: follows links and redirects, fills forms by the names that the page gives its fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

PERSON = {
    "email": "ada@example.org",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "line1": "Lindenweg 4",
    "postcode": "10961",
    "city": "Berlin",
    "country": "DE",
    "phone": "",
}


@dataclass(slots=True)
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    checkboxes: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    text: str = ""


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.order: list[Form] = []
        self.current: Form | None = None
        self.select: str | None = None
        self.textarea: str | None = None
        self.loose: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.current = Form(action=a.get("action", ""), method=a.get("method", "get").lower())
            self.order.append(self.current)
            if "id" in a:
                self.forms[a["id"]] = self.current
        if tag in {"input", "button", "select", "textarea"} and "disabled" not in a:
            if "form" in a and a["form"] not in self.forms:
                self.loose.append((tag, a))
                return
            form = self.forms.get(a["form"]) if "form" in a else self.current
            if form is not None:
                self._take(form, tag, a)
        elif tag == "option" and self.select is not None and self.current is not None:
            value = a.get("value", "")
            self.current.choices.setdefault(self.select, []).append(value)
            if "selected" in a or self.select not in self.current.fields:
                self.current.fields[self.select] = value

    def _take(self, form: Form, tag: str, a: dict[str, str]) -> None:
        name, kind = a.get("name", ""), a.get("type", "submit" if tag == "button" else "text")
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.textarea = name
            form.fields[name] = ""
        elif tag == "button" or kind == "submit":
            if kind == "submit":
                form.buttons.append((name, a.get("value", ""), a.get("formaction", "")))
        elif kind == "radio":
            form.choices.setdefault(name, []).append(a.get("value", "on"))
            if "checked" in a:
                form.fields[name] = a.get("value", "on")
        elif kind == "checkbox":
            form.checkboxes[name] = a.get("value", "on")
            if "checked" in a:
                form.fields[name] = a.get("value", "on")
        elif name:
            form.fields[name] = a.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.current = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None

    def handle_data(self, data: str) -> None:
        if self.current is not None:
            self.current.text += data
            if self.textarea is not None:
                self.current.fields[self.textarea] += data


def forms_of(html: str) -> list[Form]:
    parser = _Forms()
    parser.feed(html)
    for tag, a in parser.loose:
        if a["form"] in parser.forms:
            parser._take(parser.forms[a["form"]], tag, a)
    return parser.order


class NoSuchForm(AssertionError):
    pass


class Shopper:
    """One browser window: cookies, the page last seen."""

    def __init__(self, base: str, *, timeout: float = 60, **person: str) -> None:
        self.base = base
        self.person = {**PERSON, **person}
        self.client = httpx.Client(base_url=base, timeout=timeout, follow_redirects=False)
        self.page: httpx.Response
        self.statuses: list[int] = []

    def close(self) -> None:
        self.client.close()

    def get(self, path: str) -> httpx.Response:
        return self._follow(self.client.get(path))

    def post(self, path: str, **data: str) -> httpx.Response:
        return self._follow(self.client.post(path, data=data))

    def form(self, part_of_action: str, *, needs: str | None = None) -> Form:
        """The first form whose address contains the part (and that has the field `needs`)."""
        for form in forms_of(self.page.text):
            address = urljoin(str(self.page.url), form.action)
            if part_of_action in address and (
                needs is None or needs in form.fields or needs in form.choices or needs in form.checkboxes
            ):
                return form
        raise NoSuchForm(f"no form to {part_of_action} on {self.page.url}:\n{self.page.text[:3000]}")

    def submit(self, form: Form, *, follow: bool = True, button: int = 0, **changes: str) -> httpx.Response:
        data = {**form.fields, **changes}
        action = form.action
        if form.buttons:
            name, value, formaction = form.buttons[min(button, len(form.buttons) - 1)]
            action = formaction or action
            if name:
                data[name] = value
        address = urljoin(str(self.page.url), action)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(str(self.page.url)))
        headers = {"Origin": origin, "Referer": str(self.page.url)}
        if form.method == "get":
            answer = self.client.get(address, params=data, headers=headers)
        else:
            answer = self.client.post(address, data=data, headers=headers)
        return self._follow(answer) if follow else answer

    def _follow(self, answer: httpx.Response, *, hops: int = 12) -> httpx.Response:
        self.statuses.append(answer.status_code)
        while answer.is_redirect and hops:
            answer = self.client.get(urljoin(str(answer.url), answer.headers["location"]))
            self.statuses.append(answer.status_code)
            hops -= 1
        self.page = answer
        return answer

    # --- The steps of a purchase ---------------------------------------------------------------------------------

    def add(self, product_path: str, *, quantity: int = 1) -> httpx.Response:
        """Open a product page and add what it offers (the first variant that can be had)."""
        self.get(product_path)
        return self.submit(self.form("/basket/add/"), quantity=str(quantity))

    def fill_checkout(self) -> httpx.Response:
        """From the basket to the open review: contact, address, delivery."""
        self.get("/checkout/")
        self._give_contact()
        self._give_address()
        return self._choose_delivery()

    def resume_checkout(self) -> httpx.Response:
        """Fill what is still open: an answer that was lost may have been saved."""
        self.get("/checkout/")
        for give in (self._give_contact, self._give_address, self._choose_delivery):
            try:
                give()
            except NoSuchForm:
                continue
        self.review()
        return self.page

    def _give_contact(self) -> httpx.Response:
        contact = self.form("/checkout/", needs="email")
        return self.submit(
            contact, **{name: self.person[name] for name in ("email", "phone") if name in contact.fields}
        )

    def _give_address(self) -> httpx.Response:
        address = self.form("/checkout/", needs="line1")
        if address.fields.get("country", self.person["country"]) != self.person["country"]:
            self.submit(address, country=self.person["country"])
            address = self.form("/checkout/", needs="line1")
        return self.submit(address, **{name: value for name, value in self.person.items() if name in address.fields})

    def _choose_delivery(self) -> httpx.Response:
        delivery = self.form("/checkout/", needs="method")
        return self.submit(delivery, method=delivery.fields.get("method") or delivery.choices["method"][0])

    def review(self) -> Form:
        return self.form("/checkout/place/")

    def place(self, *, follow: bool = True) -> httpx.Response:
        """Agree and press the button that names the sum; ends on the payment page."""
        form = self.review()
        return self.submit(form, follow=follow, **form.checkboxes)

    def pay(self, card: str = "4242424242424242", *, follow: bool = True) -> httpx.Response:
        """Fill the hosted payment page; ends where the provider sends the browser."""
        form = next(form for form in forms_of(self.page.text) if "number" in " ".join(form.fields))
        names = {name: name for name in form.fields}
        values = {}
        for name in names:
            if "number" in name:
                values[name] = card
            elif "exp" in name:
                values[name] = "12 / 34"
            elif "cvc" in name:
                values[name] = "123"
            elif "name" in name or "email" in name:
                values[name] = form.fields[name] or "Ada Lovelace"
        return self.submit(form, follow=follow, **values)

    def buy(self, product_path: str, *, quantity: int = 1, card: str = "4242424242424242") -> httpx.Response:
        self.add(product_path, quantity=quantity)
        self.fill_checkout()
        self.place()
        return self.pay(card)
