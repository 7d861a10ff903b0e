"""The wish list: Oscar's for an account, a signed cookie for a guest, joined at sign-in. Nothing is held or promised."""
