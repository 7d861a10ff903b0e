from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "promotions"
    label = "promotions"
    verbose_name = "Promotions"

    def ready(self) -> None:
        from promotions.invariants import register_invariants
        from shop.page_cache.moments import register_moment, register_shown

        register_invariants()
        for column in ("start_datetime", "end_datetime"):
            register_moment(
                f"offers {column}",
                table="offer_conditionaloffer",
                judged=[column],
                sql=f"SELECT min({column}) FROM offer_conditionaloffer WHERE {column} > now()",
            )
        register_shown("offer_conditionaloffer", "date_created")
