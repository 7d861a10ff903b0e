"""The vocabulary of generated catalogues: departments and what they sell, makers, materials, words for descriptions."""

from typing import Final

# Department: share of the catalogue in per cent, and the kinds of things in it, one sub-category each.
DEPARTMENTS: Final[dict[str, tuple[int, tuple[str, ...]]]] = {
    "Lighting": (20, ("Table lamp", "Floor lamp", "Pendant", "Wall light", "Desk lamp", "Candle holder", "Lantern")),
    "Textiles": (14, ("Cushion", "Throw", "Curtain", "Tablecloth", "Rug", "Towel", "Duvet cover")),
    "Furniture": (12, ("Chair", "Stool", "Bench", "Sideboard", "Shelf", "Coffee table", "Nightstand")),
    "Kitchen": (12, ("Saucepan", "Kettle", "Chopping board", "Whisk", "Carafe", "Storage jar", "Apron")),
    "Tableware": (10, ("Plate", "Bowl", "Mug", "Tumbler", "Serving dish", "Cutlery set")),
    "Bathroom": (7, ("Soap dish", "Bath mat", "Mirror", "Towel rail", "Bathrobe")),
    "Garden": (6, ("Planter", "Watering can", "Trowel", "Bird feeder", "Garden chair")),
    "Paper": (6, ("Notebook", "Calendar", "Poster", "Greeting card", "Wrapping paper")),
    "Children": (5, ("Toy box", "Night light", "Play mat", "Picture book")),
    "Storage": (4, ("Basket", "Hook rack", "Drawer unit", "Laundry bin")),
    "Clocks": (2, ("Wall clock", "Alarm clock")),
    "Travel": (2, ("Weekend bag", "Wash bag", "Umbrella")),
}
FINISHES: Final = (
    "brushed", "glazed", "woven", "turned", "folded", "ribbed", "smoked", "waxed", "speckled", "quilted",
    "hammered", "slender", "low", "tall", "round", "oval", "striped", "plain", "double", "little",
)  # fmt: skip
COLOURS: Final = (
    "Sage", "Clay", "Ink", "Sand", "Ochre", "Moss", "Oat", "Slate", "Rust", "Ivory", "Petrol", "Blush",
)  # fmt: skip
MATERIALS: Final = (
    "Linen", "Cotton", "Wool", "Oak", "Ash", "Walnut", "Stoneware", "Porcelain", "Glass", "Steel", "Brass", "Copper",
    "Cork", "Jute", "Paper", "Leather",
)  # fmt: skip
SIZES: Final = ("Small", "Medium", "Large")
STYLES: Final = ("Nordic", "Rustic", "Modern", "Classic", "Workshop")
ROOMS: Final = ("Living room", "Bedroom", "Kitchen", "Bathroom", "Hall", "Study", "Terrace")
MAKERS: Final = tuple(
    f"{one}{other}"
    for one in ("See", "Nord", "Hal", "Lind", "Birk", "Stein", "Wald", "Alt", "Brun", "Kiel")
    for other in ("berg", "feld", "hof", "strand", "mark", "werk")
)
PHRASES: Final = (
    "made in small batches by people who sign their work", "washed before it is sewn so that it keeps its size",
    "at home beside books and bread alike", "with a base that stands firm on an uneven floor",
    "finished by hand with plant oil", "packed without plastic and easy to send back", "repairable for ten years",
    "its surface gathers a quiet patina over time", "light enough to carry with one hand",
    "drawn for narrow flats and long evenings", "every piece differs a little from the next",
    "a good present for somebody who has everything", "tested for daily use in our own studio",
    "fits what you already have", "wipes clean with a damp cloth", "takes its colour from the sea in November",
    "the seam is sewn twice", "stacks neatly when it is not needed", "does not mind rain", "warms the corner it is put in",
)  # fmt: skip
STARTS: Final = ("ka", "lo", "mi", "ren", "so", "tal", "ve", "har", "jo", "lin", "no", "pe", "ru", "sva", "ti", "ul")
MIDDLES: Final = ("la", "ma", "ne", "ri", "va", "do", "se", "to", "gi", "lu")
ENDS: Final = ("n", "r", "s", "ka", "lia", "mo", "tte", "ve", "den", "ra")
