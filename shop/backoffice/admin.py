"""Registrations of the admin."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from checkout.accounts.models import User


@admin.register(User)
class UserAdmin(ModelAdmin):
    list_display = ("email", "first_name", "last_name", "is_staff", "is_active")
    search_fields = ("email", "first_name", "last_name")
    list_filter = ("is_staff", "is_active")
    ordering = ("email",)
    exclude = ("password",)
