"""The privacy page as it was set up gets a version that names the cookies of wish list and comparison too."""

from django.db import migrations
from django.db.models.functions import Now

OLD = "Cookies"
WHO = "set-up"
COOKIES = (
    "<p>Only those without which a shop cannot work, each from the moment on that you ask for what it does:</p><ul>"
    "<li><strong>basket</strong> and <strong>basket_count</strong>: which basket is yours, and how many things are in it."
    " From the first thing you put in, for 60 days.</li>"
    "<li><strong>wishes</strong> and <strong>wish_count</strong>: what you keep for later, and how many things that is."
    " From the first thing you keep, for 180 days.</li>"
    "<li><strong>compare</strong>: which products you put side by side. From the first one you add.</li>"
    "<li><strong>csrftoken</strong>: that a form was sent from our own page. From the first form, for a year.</li>"
    "<li><strong>sessionid</strong>: that you are signed in. From signing in, for two weeks.</li>"
    "<li><strong>messages</strong>: one sentence from one page to the next, such as “Saved”.</li></ul>"
    "<p>None of them is used to recognise you anywhere else, to count visits or for advertising. What you looked at last is"
    " remembered by your browser alone, and only sent when the page shows it to you.</p>"
)


def name_every_cookie(apps, schema_editor):
    Version = apps.get_model("content", "Version")
    page = apps.get_model("content", "Page").objects.filter(slug="privacy").first()
    if page is None:
        return
    subject = f"page:{page.pk}"
    latest = Version.objects.filter(subject=subject).order_by("-number").first()
    if latest is None or latest.made_by != WHO:
        return
    apps.get_model("content", "Block").objects.filter(page=page, title=OLD).update(text=COOKIES)
    blocks = [{**block, "text": COOKIES} if block["title"] == OLD else block for block in latest.body["blocks"]]
    body = {**latest.body, "blocks": blocks}
    version = Version.objects.create(
        subject=subject, number=latest.number + 1, body=body, made_by=WHO, note="names every cookie"
    )
    apps.get_model("content", "Showing").objects.create(version=version, subject=subject, starts_at=Now(), made_by=WHO)


class Migration(migrations.Migration):
    dependencies = [("content", "0003_starter_words")]
    operations = [migrations.RunPython(name_every_cookie, migrations.RunPython.noop)]
