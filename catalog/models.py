"""The catalogue's own tables, beside Oscar's product, category, attribute and stock record."""

from catalog.attributes.records import AttributeRule, ClosedClass
from catalog.bulk.records import BulkEdit, BulkRow
from catalog.collections.records import Collection, CollectionMember
from catalog.digital.records import DigitalFile, ProductFile
from catalog.importing.fingerprints import ImportFingerprint
from catalog.importing.records import ImportChange, ImportRun
from catalog.importing.upload_records import ImportUpload
from catalog.kits.records import Kit, KitPart
from catalog.logistics import Logistics
from catalog.media.records import MediaFile, ProductMedia
from catalog.personal.records import BannedWord, TextRule
from catalog.pricing.records import PriceChange, PriceDetail
from catalog.publication.records import Publication
from catalog.safety.records import CoveredCategory, Party, ProductSafety, SafetyDocument
from catalog.search.facet_values import FacetValue
from catalog.search.records import SearchDocument
from catalog.search.staff_words import ListRule, Placement, SearchMiss, SynonymGroup
from catalog.search.tally import ListTally
from catalog.search.vocabulary import SearchWord
from catalog.together import BoughtTogether
from catalog.variants import VariantAxis, VariantCombination

__all__ = [
    "AttributeRule",
    "BannedWord",
    "BoughtTogether",
    "BulkEdit",
    "BulkRow",
    "ClosedClass",
    "Collection",
    "CollectionMember",
    "CoveredCategory",
    "DigitalFile",
    "FacetValue",
    "ImportChange",
    "ImportFingerprint",
    "ImportRun",
    "ImportUpload",
    "Kit",
    "KitPart",
    "ListRule",
    "ListTally",
    "Logistics",
    "MediaFile",
    "Party",
    "Placement",
    "PriceChange",
    "PriceDetail",
    "ProductFile",
    "ProductMedia",
    "ProductSafety",
    "Publication",
    "SafetyDocument",
    "SearchDocument",
    "SearchMiss",
    "SearchWord",
    "SynonymGroup",
    "TextRule",
    "VariantAxis",
    "VariantCombination",
]
