"""Sources of tax rates, one file or folder each, in the order in which they are asked (see checkout.tax.port)."""
