"""The home page's blocks, arranged by dragging numbers: lowest position first."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from shop.storefront.records import HomeBlock


@admin.register(HomeBlock)
class HomeBlockAdmin(ModelAdmin):
    list_display = ("__str__", "kind", "position", "is_shown")
    list_editable = ("position", "is_shown")
    list_filter = ("kind", "is_shown")
    fields = (
        "kind",
        "title",
        "text",
        ("link_url", "link_name"),
        "picture",
        "picture_alt",
        "tint",
        ("position", "is_shown"),
    )
    raw_id_fields = ("picture",)
