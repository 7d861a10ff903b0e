"""Digital goods: the files that a product is sold for. They lie outside what the shop shows, and leave it only paid."""
