import hashlib
from functools import partial

import pytest
from PIL import Image, ImageChops, ImageStat

from shop.demo.catalogue.pictures import picture_orders
from shop.demo.illustrations import KINDS, illustration_svg, render_product
from shop.demo.illustrations.mark import favicon_svg, logo_svg
from shop.demo.illustrations.render import put_art, raster
from shop.demo.illustrations.scenery import SCENERY, render_scenery
from shop.demo.illustrations.views import compose_view

SMALL = 96


@pytest.fixture(scope="module")
def orders():
    return picture_orders()


def draw(order, width=SMALL):
    return render_product(order.kind, colour=order.colour, params=order.params, view=order.view, width=width)


def test_no_two_front_pictures_are_alike_and_none_is_blank(orders):
    digests = {}
    for order in orders:
        if order.view == 0:
            picture = draw(order)
            assert picture.size == (SMALL, SMALL * 5 // 4)
            assert max(ImageStat.Stat(picture).stddev) > 7, order.file
            digests.setdefault(hashlib.sha256(picture.tobytes()).hexdigest(), []).append(order.file)
    assert [files for files in digests.values() if len(files) > 1] == []


def test_the_same_arguments_give_the_same_picture(orders):
    for order in orders[:: len(orders) // 12]:
        assert draw(order).tobytes() == draw(order).tobytes()
        arguments = {"colour": order.colour, "params": order.params, "view": order.view}
        assert illustration_svg(order.kind, **arguments) == illustration_svg(order.kind, **arguments)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_three_different_views(kind):
    views = [render_product(kind, colour="sage", params={"field": "tea"}, view=view, width=SMALL) for view in range(3)]
    assert len({view.tobytes() for view in views}) == 3
    assert all(max(ImageStat.Stat(view).stddev) > 7 for view in views)


def test_the_colour_of_the_object_is_the_colour_asked_for():
    params = {"field": "ceramics", "height": 150, "radius": 70}
    red = render_product("jar", colour="#b03030", params=params, view=0, width=200).getpixel((100, 150))
    blue = render_product("jar", colour="#3030b0", params=params, view=0, width=200).getpixel((100, 150))
    assert red[0] > red[2] + 40
    assert blue[2] > blue[0] + 40


STAGES = {
    **{kind: partial(compose_view, kind, colour="sage", params={"field": "tea"}, view=0) for kind in KINDS},
    **{name: build for name, (build, _) in SCENERY.items()},
}


@pytest.mark.parametrize("name", sorted(STAGES))
def test_drawing_only_the_covered_part_cuts_nothing_off(name):
    stage = STAGES[name]()
    size = (400, round(400 * stage.height / stage.width))
    part = Image.new("RGBA", size)
    put_art(part, stage)
    whole = raster(stage.layers()[2], width=size[0], height=size[1])
    assert part.getbbox() == pytest.approx(whole.getbbox(), abs=1)
    assert ImageStat.Stat(ImageChops.difference(part, whole)).rms[3] < 4


def test_an_unknown_view_is_refused_in_words():
    with pytest.raises(ValueError, match="views 0 to 2"):
        render_product("mug", colour="chalk", params={}, view=7)


@pytest.mark.parametrize("name", sorted(SCENERY))
def test_the_shops_own_pictures_are_drawn(name):
    picture = render_scenery(name, width=160)
    assert picture.width == 160
    assert max(ImageStat.Stat(picture).stddev) > 15


def test_no_picture_needs_a_font(orders):
    svg = "".join(illustration_svg(o.kind, colour=o.colour, params=o.params, view=o.view) for o in orders[::25])
    assert "<text" not in svg + logo_svg() + favicon_svg()
