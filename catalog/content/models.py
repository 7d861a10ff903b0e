"""A page or menu is a draft that staff edit; shoppers see a `Version`, a copy that never changes, while it is showing.

Pages and menus are two kinds of one thing, a piece. Versions and showings name their piece by `subject`: `page:7`,
`menu:2`; so both share the machinery of publishing, scheduling and restoring.
"""

from typing import Final

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from catalog.media.records import MediaFile

HOME: Final = "home"
"""The slug of the page that is shown at `/`."""
DEEPEST: Final = 3
_ADDRESS: Final = RegexValidator(
    r"\A(/[^/\\\s][^\s\\]*|/|https://[^\s\\]+)\Z", "Begin with / for a page of this shop, or with https:// ."
)


class Page(models.Model):
    """The draft of a page at `/info/<slug>/`. Its address is no part of the draft: it changes at once, as a rename."""

    slug = models.SlugField("address", max_length=80, unique=True, help_text="The last part of /info/…/.")
    title = models.CharField(max_length=120)
    lead = models.TextField(blank=True, max_length=400, help_text="One or two sentences under the title.")
    description = models.CharField(
        "for search engines", max_length=160, blank=True, help_text="Empty: the lead is used."
    )

    class Meta:
        ordering = ("title", "id")

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        return f"page:{self.pk}"

    @property
    def path(self) -> str:
        return "/" if self.slug == HOME else f"/info/{self.slug}/"


class Block(models.Model):
    """One block of a page's draft, shown in the order of `position`."""

    class Kind(models.TextChoices):
        TEXT = "text", "Text with a heading"
        HERO = "hero", "Promise with a picture"
        PROMISES = "promises", "What the shop promises (delivery, returns, price)"
        TILES = "tiles", "Tiles of the top categories"
        NEW = "new", "Row of new products"
        REDUCED = "reduced", "Row of reduced products"
        LIKED = "liked", "Row of products that are bought most"
        STORY = "story", "Story with a picture"
        VOICES = "voices", "What buyers say"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="blocks")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.TEXT)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(
        blank=True, max_length=20_000,
        help_text="An empty line begins a paragraph. Simple HTML works too: headings, lists, links, tables, bold.",
    )  # fmt: skip
    link_url = models.CharField("link address", max_length=255, blank=True, validators=[_ADDRESS])
    link_name = models.CharField("link words", max_length=80, blank=True)
    picture = models.ForeignKey(MediaFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    picture_alt = models.CharField("picture in words", max_length=250, blank=True)
    tint = models.PositiveSmallIntegerField(default=0, help_text="Ground behind the words: 1 to 12, or 0 for plain.")
    position = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField("shown", default=True)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=Q(tint__range=(0, 12)), name="content_block_tint"),
            models.CheckConstraint(
                condition=Q(link_url="") | Q(link_url__startswith="/") | Q(link_url__startswith="https://"),
                name="content_block_link",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()


class Menu(models.Model):
    """The draft of a menu; one for each place of the frame."""

    class Place(models.TextChoices):
        HEADER = "header", "Under the header (in place of the categories)"
        FOOTER = "footer", "Footer, in groups"
        LEGAL = "legal", "Line of legal pages on the checkout"

    place = models.CharField(max_length=16, choices=Place.choices, unique=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.get_place_display()

    @property
    def subject(self) -> str:
        return f"menu:{self.pk}"


class MenuEntry(models.Model):
    """An entry belongs under the last one before it that has a smaller level."""

    menu = models.ForeignKey(Menu, on_delete=models.CASCADE, related_name="entries")
    name = models.CharField(max_length=60)
    url = models.CharField(
        "leads to", max_length=255, blank=True, validators=[_ADDRESS], help_text="Empty for the title of a group."
    )
    level = models.PositiveSmallIntegerField(default=1, choices=[(n, str(n)) for n in range(1, DEEPEST + 1)])
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "menu entries"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=Q(level__range=(1, DEEPEST)), name="content_menu_levels"),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="/") | Q(url__startswith="https://"), name="content_menu_link"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """A copy of a draft as it was published or kept. The database refuses UPDATE and DELETE."""

    subject = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    body = models.JSONField(help_text="As `catalog.content.snapshot` writes it.")
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=("subject", "number"), name="content_version_number")]

    def __str__(self) -> str:
        return f"version {self.number}"


class Showing(models.Model):
    """A version is shown from `starts_at` until `ends_at`, by the database's clock. Of several, the one begun last."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="showings")
    subject = models.CharField(max_length=32, help_text="That of the version.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    made_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("-starts_at", "-id")
        indexes = [models.Index(fields=("subject", "-starts_at", "-id"), name="content_showing_now")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="content_showing_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} from {self.starts_at:%Y-%m-%d %H:%M}"
