"""How passwords are kept: the first way writes, the others only read what was written before."""

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    # Hashes that customers bring along from another shop; each is replaced at their first sign-in.
    "checkout.accounts.arriving.old_passwords.OldBcryptHasher",
    "checkout.accounts.arriving.old_passwords.WordpressBcryptHasher",
    "checkout.accounts.arriving.old_passwords.PhpassHasher",
    "checkout.accounts.arriving.old_passwords.MagentoHasher",
]
