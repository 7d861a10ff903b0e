"""Save the facts of a product's page."""

from catalog.logistics import set_logistics
from catalog.safety.writing import set_safety
from shop.backoffice.fact_forms import LOGISTICS, FactsForm

SAFETY = frozenset({"maker", "responsible", "warnings", "documents"})


def write_facts(product_id: int, form: FactsForm) -> None:
    """Only what changed; the caller refreshes the search document."""
    changed, data = set(form.changed_data), form.cleaned_data
    facts = {name: data[name] for name in LOGISTICS if name in changed}
    if facts:
        set_logistics(product_id, facts=facts)
    if changed & SAFETY:
        set_safety(
            product_id,
            maker=data["maker"],
            responsible=data["responsible"],
            warnings=data["warnings"],
            documents=data["documents"],
            refresh=False,
        )
