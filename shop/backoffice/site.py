"""Which site the admin is: ours."""

from django.contrib.admin.apps import AdminConfig


class BackofficeAdminConfig(AdminConfig):
    default_site = "shop.backoffice.office.BackofficeSite"
