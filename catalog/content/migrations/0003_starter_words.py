"""Every shop begins with service and legal pages and a footer that leads to them; the home page keeps its blocks."""

import json
from pathlib import Path

from django.conf import settings
from django.db import migrations
from django.db.models.functions import Now
from django.utils.html import linebreaks

WORDS = Path(__file__).with_name("starter_words.json")
RETURN_DAYS = "30"
WHO = "set-up"


def write_starter_words(apps, schema_editor):
    words = json.loads(_fill_in(WORDS.read_text(encoding="utf-8")))
    for page in words["pages"]:
        blocks = [_block(position, kind="text", **block) for position, block in enumerate(page["blocks"], start=1)]
        _write_page(apps, slug=page["slug"], title=page["title"], lead=page["lead"], blocks=blocks)
    for place, entries in words["menus"].items():
        _write_menu(apps, place=place, entries=entries)
    _move_home_page(apps)


def _move_home_page(apps):
    rows = list(apps.get_model("storefront", "HomeBlock").objects.select_related("picture").order_by("position", "id"))
    if not rows:
        return
    names = ("kind", "title", "text", "link_url", "link_name", "picture_alt", "tint", "position", "is_shown")
    blocks = [{**{name: getattr(row, name) for name in names}, "picture": row.picture} for row in rows]
    _write_page(apps, slug="home", title="Home page", lead="", blocks=blocks)


def _write_page(apps, *, slug, title, lead, blocks):
    page = apps.get_model("content", "Page").objects.create(slug=slug, title=title, lead=lead)
    Block = apps.get_model("content", "Block")
    MediaFile = apps.get_model("catalog", "MediaFile")
    for block in blocks:
        picture = MediaFile.objects.get(pk=block["picture"].pk) if block["picture"] else None
        Block.objects.create(page=page, **{**block, "picture": picture})
    shown = [_body_of(block) for block in blocks if block["is_shown"]]
    _show(apps, f"page:{page.pk}", {"title": title, "lead": lead, "description": "", "blocks": shown})


def _write_menu(apps, *, place, entries):
    menu = apps.get_model("content", "Menu").objects.create(place=place)
    MenuEntry = apps.get_model("content", "MenuEntry")
    roots = []
    for position, entry in enumerate(entries, start=1):
        MenuEntry.objects.create(menu=menu, position=position * 10, **entry)
        node = {"name": entry["name"], "url": entry["url"], "children": []}
        (roots if entry["level"] == 1 else roots[-1]["children"]).append(node)
    _show(apps, f"menu:{menu.pk}", {"entries": roots})


def _show(apps, subject, body):
    version = apps.get_model("content", "Version").objects.create(subject=subject, number=1, body=body, made_by=WHO)
    apps.get_model("content", "Showing").objects.create(version=version, subject=subject, starts_at=Now(), made_by=WHO)


def _block(position, *, kind, title, text):
    return {
        "kind": kind, "title": title, "text": text, "link_url": "", "link_name": "", "picture": None, "picture_alt": "",
        "tint": 0, "position": position * 10, "is_shown": True,
    }


def _body_of(block):
    picture = block["picture"]
    text = block["text"]
    if block["kind"] == "text" and not text.startswith("<"):
        text = linebreaks(text, autoescape=True)
    return {
        **{name: block[name] for name in ("kind", "title", "link_url", "link_name", "picture_alt", "tint")},
        "text": text,
        "picture_id": picture.pk if picture else None,
        "picture": {
            "digest": picture.digest, "width": picture.width, "height": picture.height, "widths": picture.widths,
            "alt": block["picture_alt"],
        } if picture else None,
    }


def _fill_in(text):
    known = {
        "{shop_name}": settings.SHOP_NAME,
        "{tagline}": settings.SHOP_TAGLINE,
        "{return_days}": RETURN_DAYS,
        "{mail}": settings.DEFAULT_FROM_EMAIL.split("<")[-1].rstrip(">"),
    }
    for mark, words in known.items():
        text = text.replace(mark, json.dumps(words, ensure_ascii=False)[1:-1])
    return text


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0002_append_only_versions"),
        ("storefront", "0001_initial"),
    ]
    operations = [migrations.RunPython(write_starter_words, migrations.RunPython.noop)]
