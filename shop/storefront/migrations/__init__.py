"""Tables of the storefront."""
