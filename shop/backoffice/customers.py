"""Customers and staff: one account table. Roles are given here, by the owner only."""

from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from oscar.apps.order.models import Order
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display

from checkout.accounts.models import User
from shop.audit.record import record_action
from shop.backoffice import gate
from shop.backoffice.dressing import Desk, ReadOnlyDesk
from shop.backoffice.roles import ROLES
from shop.money import format_money

LATEST = 20


class UserDesk(Desk):
    name = "Customers and staff"
    names_people = "customers"
    list_display = ("email", "first_name", "last_name", "date_joined", "last_login", "is_staff", "is_active")
    list_filter = ("is_staff", "is_active", "groups", ("date_joined", RangeDateFilter))
    search_fields = ("email__istartswith", "last_name__istartswith", "first_name__istartswith")
    search_help_text = "How the address or the name begins"
    ordering = ("email",)
    readonly_fields = ("email", "date_joined", "last_login", "show_orders")
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("email", ("first_name", "last_name"), ("date_joined", "last_login"), "show_orders")}),
        ("May enter the back office", {"fields": (("is_active", "is_staff"), "groups")}),
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Accounts are made by their owners, who then know their password alone."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Who may give roles gives a fresh code of the second factor first."""
        if self.has_change_permission(request) and not gate.is_fresh(request):
            return redirect(gate.way_to_freshness(request))
        answer = super().change_view(request, object_id, form_url, extra_context)
        if request.method == "GET" and answer.status_code == 200:
            record_action(
                action="look at", subject_type="user", subject_id=object_id, actor=request.user,
                reason="To handle the account.",
            )  # fmt: skip
        return answer

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.filter(name__in=[role.name for role in ROLES]).order_by("name")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @display(description="The latest orders")
    def show_orders(self, user: User) -> str:
        orders = Order.objects.filter(user=user).order_by("-date_placed", "-pk")[:LATEST]
        rows = format_html_join(
            "",
            '<li><a href="{}">{}</a> {} {}</li>',
            (
                (
                    reverse("admin:order_order_change", args=(order.pk,)),
                    order.number,
                    order.status,
                    format_money(order.total_incl_tax, order.currency),
                )
                for order in orders
            ),
        )
        return format_html("<ul>{}</ul>", rows) if rows else "None yet."


class RoleDesk(ReadOnlyDesk):
    """Roles stand in the code (`manage.py ensure_roles`), so that a test can hold them; here they are read."""

    name = "Roles"

    list_display = ("name", "show_sentence")
    fields = ("name", "show_sentence", "show_permissions")
    readonly_fields = ("show_sentence", "show_permissions")
    search_fields = ("name",)
    ordering = ("name",)

    @display(description="What for")
    def show_sentence(self, group: Group) -> str:
        return next((role.sentence for role in ROLES if role.name == group.name), "Not a role of the shop.")

    @display(description="May")
    def show_permissions(self, group: Group) -> str:
        names = group.permissions.order_by("content_type__app_label", "codename").values_list("name", flat=True)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((name,) for name in names)))
