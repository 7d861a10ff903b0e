"""What staff arrange on the home page."""

from django.db import models

from catalog.media.records import MediaFile


class HomeBlock(models.Model):
    """One block, shown in the order of `position`. Without any the shop shows an arrangement of its own."""

    class Kind(models.TextChoices):
        HERO = "hero", "Promise with a picture"
        PROMISES = "promises", "What the shop promises (delivery, returns, price)"
        TILES = "tiles", "Tiles of the top categories"
        NEW = "new", "Row of new products"
        REDUCED = "reduced", "Row of reduced products"
        LIKED = "liked", "Row of products that are bought most"
        STORY = "story", "Story with a picture"
        VOICES = "voices", "What buyers say"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True, help_text="Of a promise or a story; plain text, one paragraph.")
    link_url = models.CharField(
        "link address", max_length=255, blank=True, help_text="Begins with / , for example /c/lamps/."
    )
    link_name = models.CharField("link words", max_length=80, blank=True)
    picture = models.ForeignKey(MediaFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    picture_alt = models.CharField("picture in words", max_length=250, blank=True)
    tint = models.PositiveSmallIntegerField(default=0, help_text="Ground behind the words: 1 to 12, or 0 for plain.")
    position = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField("shown", default=True)

    class Meta:
        app_label = "storefront"
        verbose_name = "home page block"
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(condition=models.Q(tint__range=(0, 12)), name="storefront_block_tint"),
            models.CheckConstraint(
                condition=models.Q(link_url="") | models.Q(link_url__startswith="/"),
                name="storefront_block_link_is_ours",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()
