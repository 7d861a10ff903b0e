"""Template tag `remember`: a piece of a page that is drawn once for the same values.

    {% remember card=card eager=eager %} … {% endremember %}

The block sees the values it names and nothing else of the page, so nothing else can change what it says; what it said
is kept under these values in the memory of the process. Values must be hashable to be remembered (frozen dataclasses,
tuples, strings, numbers); with others the block is drawn each time. A block must not ask the clock or the database.
"""

from functools import lru_cache
from typing import Any, Final

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context

register = template.Library()

MOST: Final = 4096
"""Kept pieces of one block; a product card has about a kilobyte. The one that was not asked for the longest goes."""


class RememberNode(Node):
    child_nodelists = ("nodelist",)

    def __init__(self, nodelist: NodeList, given: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.names = tuple(given)
        self.expressions = tuple(given.values())
        self.template: Any = None
        self.recall = lru_cache(maxsize=MOST, typed=True)(self.draw)

    def render(self, context: Context) -> str:
        self.template = context.template
        values = tuple(expression.resolve(context) for expression in self.expressions)
        try:
            return self.recall(*values)
        except TypeError:  # One of them is a list, for example.
            return self.draw(*values)

    def draw(self, *values: Any) -> str:
        alone = Context(dict(zip(self.names, values, strict=True)))
        with alone.bind_template(self.template):
            return self.nodelist.render(alone)


@register.tag
def remember(parser: Parser, token: Token) -> RememberNode:
    words = token.split_contents()[1:]
    given = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"remember: every value needs a name, like card=card; found {words[0]!r}.")
    nodelist = parser.parse(("endremember",))
    parser.delete_first_token()
    return RememberNode(nodelist, given)
