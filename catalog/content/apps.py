from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "catalog.content"
    label = "content"
    verbose_name = "Content"

    def ready(self) -> None:
        from shop.page_cache.moments import register_moment, register_shown

        for column in ("starts_at", "ends_at"):
            register_moment(
                f"content {column}",
                table="content_showing",
                judged=[column],
                sql=f"SELECT min({column}) FROM content_showing WHERE {column} > now()",
            )
        register_shown("content_version", "made_at")
