"""A whole shop in processes of its own, driven from outside over HTTP."""
