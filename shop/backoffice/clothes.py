"""How the back office looks: Unfold's settings, with the storefront's tokens."""

UNFOLD: dict[str, object] = {"SITE_TITLE": "Back office", "SITE_HEADER": "Lumen & Loom"}
