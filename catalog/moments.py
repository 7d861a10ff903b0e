"""What pages show of the catalogue by the clock: the window of a product, and the badge of what is new."""

from shop.page_cache.moments import register_moment, register_shown


def register_moments() -> None:
    from catalog.search.pages import NEW_FOR_DAYS

    for table in ("catalog_publication", "catalog_searchdocument"):
        for column in ("publish_from", "publish_to"):
            register_moment(
                f"{table} {column}",
                table=table,
                judged=[column],
                sql=f"SELECT min({column}) FROM catalog_publication WHERE {column} > now()",
            )
    days = f"make_interval(days => {NEW_FOR_DAYS})"
    register_moment(
        "new products",
        table="catalog_searchdocument",
        judged=["published_at"],
        sql=f"SELECT min(published_at) + {days} FROM catalog_searchdocument WHERE published_at > now() - {days}",
    )
    register_moment(
        "prices",
        table="catalog_pricechange",
        judged=["effective_at"],
        sql="SELECT min(effective_at) FROM catalog_pricechange WHERE effective_at > now()",
    )
    register_shown("catalog_searchdocument", "indexed_at")
    register_shown("catalog_publication", "archived_at")
    register_shown("catalogue_productattributevalue", "value_date", "value_datetime")
    register_shown("catalogue_product", "date_created", "date_updated")
    register_shown("partner_stockrecord", "date_created", "date_updated")
