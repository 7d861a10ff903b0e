"""The demo shop's staff. Their passwords are public: never load the demo into a shop that sells."""

from django.contrib.auth.models import Group

from checkout.accounts.models import User
from shop.backoffice.roles import ensure_roles

PASSWORD = "lumen-and-loom"  # noqa: S105
STAFF = (
    ("staff@example.com", "Robin", "Sommer", "owner"),
    ("orders@example.com", "Mika", "Lund", "order desk"),
    ("warehouse@example.com", "Jona", "Albers", "warehouse"),
    ("editor@example.com", "Noor", "Haddad", "catalogue editor"),
)


def hire_staff() -> None:
    """Accounts that exist keep what they have."""
    ensure_roles()
    for email, first_name, last_name, role in STAFF:
        if User.objects.filter(email=email).exists():
            continue
        user = User.objects.create_user(email, PASSWORD, first_name=first_name, last_name=last_name)
        user.is_staff = True
        user.is_superuser = role == "owner"
        user.save(update_fields=["is_staff", "is_superuser"])
        user.groups.add(Group.objects.get(name=role))
