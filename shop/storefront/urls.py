"""Public addresses of the storefront: home, category, search, product, pages of words."""

from django.urls import path, re_path

from shop.storefront.brand_page import show_brand
from shop.storefront.collection_page import show_collection
from shop.storefront.compare import add_to_comparison, remove_from_comparison, show_comparison
from shop.storefront.discovery import show_acp_document, show_guide, show_ucp_profile
from shop.storefront.feeds.views import show_feed
from shop.storefront.fragments import show_goes_with, show_seen
from shop.storefront.home import show_home
from shop.storefront.information import show_page
from shop.storefront.listing import show_category
from shop.storefront.preview import show_preview
from shop.storefront.product_page import show_product, show_product_text
from shop.storefront.reviews_page import show_reviews
from shop.storefront.search_page import show_results, show_suggestions
from shop.storefront.sitemap import show_robots, show_sitemap
from shop.storefront.statement import show_statement

app_name = "storefront"
urlpatterns = [
    path("", show_home, name="home"),
    path("search/", show_results, name="search"),
    path("search/suggest/", show_suggestions, name="suggest"),
    re_path(r"^c/(?P<path>[-\w]+(?:/[-\w]+)*)/$", show_category, name="category"),
    re_path(r"^p/(?P<slug>[-\w.]+)/$", show_product, name="product"),
    re_path(r"^p/(?P<slug>[-\w.]+)/reviews/$", show_reviews, name="reviews"),
    path("collection/<slug:slug>/", show_collection, name="collection"),
    re_path(r"^p/(?P<slug>[-\w.]+)/goes-with/$", show_goes_with, name="goes-with"),
    path("seen/", show_seen, name="seen"),
    re_path(r"^brand/(?P<slug>[-\w]+)/$", show_brand, name="brand"),
    path("compare/", show_comparison, name="compare"),
    path("compare/add/<int:product_id>/", add_to_comparison, name="compare-add"),
    path("compare/remove/<int:product_id>/", remove_from_comparison, name="compare-remove"),
    re_path(r"^p/(?P<slug>[-\w.]+)\.md$", show_product_text, name="product_text"),
    path(".well-known/ucp", show_ucp_profile, name="ucp"),
    path(".well-known/acp.json", show_acp_document, name="acp"),
    path("llms.txt", show_guide, name="llms"),
    path("feeds/<str:name>", show_feed, name="feed"),
    path("accessibility/", show_statement, name="accessibility"),
    path("robots.txt", show_robots, name="robots"),
    path("sitemap.xml", show_sitemap, name="sitemap"),
    path("info/<slug:slug>/", show_page, name="information"),
    re_path(r"^preview/(?P<token>[-\w:]{20,400})/$", show_preview, name="preview"),
]
