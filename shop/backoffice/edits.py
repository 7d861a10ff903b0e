"""What an edit changed, in words that the audit log can keep."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet

Values = dict[str, str]


def describe_edit(form: Any, formsets: Sequence[Any], *, is_new: bool) -> tuple[Values, Values]:
    """Before and after of the changed fields of a form and of its inline forms."""
    before, after = _changes_of(form, is_new=is_new)
    for formset in formsets:
        name = formset.model._meta.verbose_name
        for inner in formset.forms:
            if not inner.has_changed():
                continue
            was, became = _changes_of(inner, is_new=inner.instance.pk is None)
            before |= {f"{name} {inner.instance.pk}: {key}": value for key, value in was.items()}
            after |= {f"{name} {inner.instance.pk}: {key}": value for key, value in became.items()}
    return before, after


def _changes_of(form: Any, *, is_new: bool) -> tuple[Values, Values]:
    names = [name for name in form.changed_data if "password" not in name]
    before = {} if is_new else {name: _word(form.get_initial_for_field(form.fields[name], name)) for name in names}
    after = {name: _word(form.cleaned_data.get(name)) for name in names}
    return before, after


def _word(value: Any) -> str:
    if isinstance(value, QuerySet | list | tuple):
        return ", ".join(_word(one) for one in value)[:500]
    if isinstance(value, Model):
        return f"{value.pk}: {value}"[:500]
    return "" if value is None else str(value)[:500]
