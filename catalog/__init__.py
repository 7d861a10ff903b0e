"""What we sell: products, variants, attributes, categories, media, prices and their history, search, importing."""
