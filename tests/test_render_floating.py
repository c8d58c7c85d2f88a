"""Figures that go behind the text that follows them, so that no page of a note stays half empty."""

from __future__ import annotations

import pytest

from report.render import floating

PAGE = "<style>@page { size: 100px 1000px; margin: 0 } body, p, figure, h3 { margin: 0 } figure { break-inside: avoid }"
CLOSER = " .closer .plain { margin-bottom: -60px }"


def text(name: str, height: int) -> str:
    return f'<p class="plain" id="{name}" style="height: {height}px"></p>'


def figure(name: str, height: int) -> str:
    return f'<figure class="exhibit" id="{name}"><div style="height: {height}px"></div></figure>'


def pages(*sections: str, style: str = "") -> list[list[str]]:
    """The names of what stands on every page, in order."""
    from weasyprint import HTML

    body = "".join(f"<section>{section}</section>" for section in sections)
    page = HTML(string=f'<html class="paper">{PAGE}{style}</style><body>{body}')
    laid = floating.laid(page, {})
    return [
        [
            box.element.get("id")
            for box in each._page_box.descendants()
            if box.element is not None and box.element.get("id")
        ]
        for each in laid.pages
    ]


def test_text_goes_before_a_figure_that_would_leave_the_foot_of_a_page_empty():
    assert pages(text("a", 700) + figure("f", 400) + text("b", 270) + text("c", 300)) == [["a", "b"], ["f", "c"]]


def test_no_more_text_goes_before_it_than_the_foot_holds():
    told = pages(text("a", 700) + figure("f", 400) + text("b", 130) + text("c", 140) + text("d", 150))
    assert told == [["a", "b", "c"], ["f", "d"]]


@pytest.mark.parametrize("between", ["<h3></h3>", figure("g", 200), '<p class="callout"></p>'])
def test_a_figure_passes_no_other_no_heading_and_no_conclusion(between: str):
    told = pages(text("a", 700) + figure("f", 400) + between + text("b", 250))
    assert told[0] == ["a"]
    assert told[1][0] == "f"


def test_a_figure_stays_in_its_section():
    assert pages(text("a", 700) + figure("f", 400), text("b", 250)) == [["a"], ["f", "b"]]


def test_a_figure_that_fits_stays_where_it_was_written():
    assert pages(text("a", 300) + figure("f", 400) + text("b", 250)) == [["a", "f", "b"]]


def test_a_last_page_that_is_nearly_empty_is_saved_by_setting_closer_or_left_as_it_was():
    parts = text("a", 500) + figure("f", 400) + text("b", 100) + text("c", 50)
    assert pages(parts) == [["a", "f", "b"], ["c"]]
    assert pages(parts, style=CLOSER) == [["a", "f", "b", "c"]]


def test_a_page_without_figures_is_laid_out_once(monkeypatch: pytest.MonkeyPatch):
    from weasyprint import HTML

    times = []
    render = HTML.render
    monkeypatch.setattr(HTML, "render", lambda self, **options: times.append(1) or render(self, **options))
    floating.laid(HTML(string=f"{PAGE}</style>{text('a', 10)}"), {})
    assert times == [1]
