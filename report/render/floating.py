"""Pages that are filled: a figure that did not fit lets the text behind it go first, and the last page is worth it.

A figure with its caption is never broken, so that where it does not fit the foot of its page would stay empty. Here the
paragraphs that follow it in its section are taken before it, as many as the place holds; no figure passes another, and
none leaves its section. If the last page is nearly empty all the same, the document is set a little closer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

Foreign: TypeAlias = Any  # a thing of WeasyPrint, which has no types

FIGURE = "exhibit"
CLOSER = "closer"  # a class of the style sheets
LEAST = 40.0  # px of an empty foot that two lines of text would use
WORTH = 0.45  # of a last page that is worth its paper
MOVES = 24  # more figures than this are not moved


def laid(page: Foreign, options: dict[str, Any]) -> Foreign:
    """The page laid out, as `page.render(**options)` gives it; one without figures is laid out once, as it stands."""
    document = page.render(**options)
    root = page.etree_element
    if not any(_is(element, FIGURE) for element in root.iter()):
        return document
    document = _floated(page, document, options)
    if filled(document.pages[-1]) >= WORTH:
        return document
    root.set("class", f"{root.get('class', '')} {CLOSER}".strip())
    closer = _floated(page, _again(page, options), options)
    if len(closer.pages) < len(document.pages) or filled(closer.pages[-1]) >= WORTH:
        return closer
    root.set("class", root.get("class").removesuffix(CLOSER).strip())
    return _again(page, options)


def _again(page: Foreign, options: dict[str, Any]) -> Foreign:
    """The page laid out after its elements were changed, of which the selectors keep what they read first."""
    page.wrapper_element = type(page.wrapper_element).from_html_root(page.etree_element, content_language=None)
    return page.render(**options)


def filled(page: Foreign) -> float:
    """How far down the page its text and figures reach, as a share of its height."""
    body = page._page_box.children[0]
    return float((_foot(body) - body.position_y) / page._page_box.height)


def _floated(page: Foreign, document: Foreign, options: dict[str, Any]) -> Foreign:
    parents = {child: parent for parent in page.etree_element.iter() for child in parent}
    moved: set[Foreign] = set()
    while len(moved) < MOVES and (found := _next(document, parents, moved)) is not None:
        figure, before = found
        parent = parents[figure]
        parent.remove(figure)
        parent.insert(list(parent).index(before) + 1, figure)
        moved.add(figure)
        document = _again(page, options)
    return document


def _next(document: Foreign, parents: dict[Foreign, Foreign], moved: set[Foreign]) -> tuple[Foreign, Foreign] | None:
    """The first figure that left a page's foot empty, and the last of the paragraphs to go before it."""
    for page, following in zip(document.pages, document.pages[1:], strict=False):
        body = page._page_box.children[0]
        room = body.position_y + body.height - _foot(body)
        figure = _first(following._page_box.children[0])
        if room < LEAST or figure is None or figure in moved:
            continue
        last = None
        for element in _text_behind(figure, parents):
            if room < LEAST:
                break
            room -= _height(document, element)
            last = element
        if last is not None:
            return figure, last
    return None


def _text_behind(figure: Foreign, parents: dict[Foreign, Foreign]) -> Iterator[Foreign]:
    """The paragraphs and lists that follow the figure, up to the next figure, conclusion or heading."""
    siblings = list(parents[figure])
    for element in siblings[siblings.index(figure) + 1 :]:
        if not (_is(element, "plain") or _is(element, "items")):
            return
        yield element


def _first(box: Foreign) -> Foreign | None:
    """The figure that a page begins with; None where it begins with anything else."""
    element = box.element
    if element is not None and _is(element, FIGURE):
        return element
    children = [child for child in getattr(box, "children", ()) if child.is_in_normal_flow()]
    return _first(children[0]) if children and type(box).__name__ == "BlockBox" else None


def _foot(box: Foreign) -> float:
    """The lowest place that text, a table or a figure of the box reaches."""
    children = getattr(box, "children", ())
    if type(box).__name__ == "LineBox" or not children or (box.element is not None and _is(box.element, FIGURE)):
        return float(box.position_y + (box.height if type(box).__name__ == "LineBox" else box.margin_height()))
    return max(_foot(child) for child in children)


def _height(document: Foreign, element: Foreign) -> float:
    """How high the element stands, over all pages it stands on."""
    boxes = (box for page in document.pages for box in page._page_box.descendants())
    whole = (box for box in boxes if box.element is element and type(box).__name__ == "BlockBox")
    return float(sum(box.margin_height() for box in whole))


def _is(element: Foreign, name: str) -> bool:
    return name in (element.get("class") or "").split()
