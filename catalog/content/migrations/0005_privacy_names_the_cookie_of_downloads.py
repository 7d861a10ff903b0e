"""The privacy page as it was set up gets a version that names the cookie of downloads too."""

from django.db import migrations
from django.db.models.functions import Now

SECTION = "Cookies"
WHO = "set-up"
BEFORE = "<li><strong>csrftoken</strong>"
COOKIE = (
    "<li><strong>downloads</strong>: that you have shown which order is yours, so that its download links open in this"
    " browser. From the first download, for 30 days.</li>"
)


def name_the_cookie(apps, schema_editor):
    Version = apps.get_model("content", "Version")
    page = apps.get_model("content", "Page").objects.filter(slug="privacy").first()
    if page is None:
        return
    subject = f"page:{page.pk}"
    latest = Version.objects.filter(subject=subject).order_by("-number").first()
    if latest is None or latest.made_by != WHO:
        return
    blocks = [
        {**block, "text": block["text"].replace(BEFORE, COOKIE + BEFORE, 1)} if block["title"] == SECTION else block
        for block in latest.body["blocks"]
    ]
    for block in blocks:
        if block["title"] == SECTION:
            apps.get_model("content", "Block").objects.filter(page=page, title=SECTION).update(text=block["text"])
    version = Version.objects.create(
        subject=subject,
        number=latest.number + 1,
        body={**latest.body, "blocks": blocks},
        made_by=WHO,
        note="names the cookie of downloads",
    )
    apps.get_model("content", "Showing").objects.create(version=version, subject=subject, starts_at=Now(), made_by=WHO)


class Migration(migrations.Migration):
    dependencies = [("content", "0004_privacy_names_every_cookie")]
    operations = [migrations.RunPython(name_the_cookie, migrations.RunPython.noop)]
