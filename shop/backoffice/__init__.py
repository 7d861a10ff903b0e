"""The back office: the Django admin arranged by work; a home with work lists; roles."""
