"""The account."""

from oscar.apps.customer.abstract_models import AbstractUser


class User(AbstractUser):
    """E-mail is the name. Staff reach the back office only with a second factor."""

    class Meta(AbstractUser.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.email
