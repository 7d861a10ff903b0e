"""How the back office looks: Unfold's settings. Imported by the settings, so it imports nothing of the shop."""

from typing import Any

# The accent's hue (spruce, 196) and the paper's (85) of static/css/tokens.css, in Unfold's eleven steps.
SPRUCE = {
    "50": "oklch(97% 0.012 192)",
    "100": "oklch(94.5% 0.020 192)",
    "200": "oklch(88% 0.038 192)",
    "300": "oklch(80% 0.058 193)",
    "400": "oklch(72% 0.070 194)",
    "500": "oklch(68% 0.078 194)",
    "600": "oklch(40.5% 0.068 196)",
    "700": "oklch(36% 0.062 197)",
    "800": "oklch(31% 0.052 198)",
    "900": "oklch(27% 0.044 198)",
    "950": "oklch(21% 0.034 200)",
}
PAPER = {
    "50": "oklch(98.6% 0.005 85)",
    "100": "oklch(96% 0.009 82)",
    "200": "oklch(89.5% 0.010 80)",
    "300": "oklch(83% 0.012 78)",
    "400": "oklch(72% 0.014 75)",
    "500": "oklch(50% 0.014 70)",
    "600": "oklch(44% 0.014 65)",
    "700": "oklch(36% 0.013 65)",
    "800": "oklch(28% 0.012 65)",
    "900": "oklch(21% 0.011 65)",
    "950": "oklch(16% 0.010 65)",
}

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Back office",
    "SITE_HEADER": "shop.backoffice.navigation.shop_name",
    "SITE_SUBHEADER": "Back office",
    "SITE_SYMBOL": "storefront",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "shop.backoffice.navigation.favicon_address"},
    ],
    "STYLES": ["shop.backoffice.navigation.tokens_address", "shop.backoffice.navigation.style_address"],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": False,
    "BORDER_RADIUS": "4px",
    "COLORS": {"base": PAPER, "primary": SPRUCE},
    "ACCOUNT": {"navigation": "shop.backoffice.navigation.account_links"},
    "COMMAND": {"search_models": False, "search_callback": "shop.backoffice.finding.find_anything"},
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": "shop.backoffice.navigation.list_places",
    },
}
