"""The catalogue's own tables, beside Oscar's product, category, attribute and stock record."""

from catalog.importing.records import ImportChange, ImportRun
from catalog.media.records import MediaFile, ProductMedia
from catalog.pricing.records import PriceChange, PriceDetail
from catalog.publication.records import Publication
from catalog.search.records import SearchDocument
from catalog.search.vocabulary import SearchWord
from catalog.variants import VariantAxis

__all__ = [
    "ImportChange",
    "ImportRun",
    "MediaFile",
    "PriceChange",
    "PriceDetail",
    "ProductMedia",
    "Publication",
    "SearchDocument",
    "SearchWord",
    "VariantAxis",
]
