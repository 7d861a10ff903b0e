"""The storefront pages that compose every room: home, listing, search, product."""
