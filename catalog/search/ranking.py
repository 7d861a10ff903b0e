"""The order of answers to a text question: one definition for results and suggestions."""

from collections.abc import Sequence
from typing import Final

from catalog.search.spelling import Alternatives
from catalog.search.wording import match_words

# How well the words fit, weighted title > brand and codes > attributes and categories > description. All words in the
# title, or in title, brand and codes, outdo any number of mentions elsewhere; so does a title that begins as asked, the
# more so the less stands behind it. What sells counts a little; stock has no say.
_RELEVANCE: Final = """
(ts_rank('{{0.05, 0.3, 0.4, 1.0}}', document.vector, ({match}), 1)
   + CASE WHEN document.vector @@ ({in_title}) THEN 1 WHEN document.vector @@ ({in_names}) THEN 0.7 ELSE 0 END
   + CASE WHEN document.text LIKE %(beginning)s || '%%'
          THEN 0.5 + 0.5 * length(%(beginning)s) / length(document.text) ELSE 0 END)
 * (1 + ln(1 + document.popularity) / 10) DESC, document.product_id
"""


def order_by_relevance(words: Sequence[Alternatives], *, operator: str) -> str:
    """ORDER BY for documents that have all (`&&`) or any (`||`) of the words.

    Needs the parameters of `match_words` and `beginning`, the folded question.
    """
    match, _ = match_words(words, operator=operator)
    in_title, _ = match_words(words, operator=operator, weights="A")
    in_names, _ = match_words(words, operator=operator, weights="AB")
    return _RELEVANCE.format(match=match, in_title=in_title, in_names=in_names)
