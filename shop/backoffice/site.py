"""The admin site."""

from django.contrib.admin.apps import AdminConfig


class BackofficeAdminConfig(AdminConfig):
    default_site = "unfold.sites.UnfoldAdminSite"
