"""Bank transfer, a provider in one folder: our account's statements are its truth, and people send money back."""
