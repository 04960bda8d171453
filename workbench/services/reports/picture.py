"""A report's picture: horizontal bars of money, the same drawing on screen (SVG) and on paper (PDF)."""

from collections.abc import Sequence

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor

from workbench.domain.money import format_dollars
from workbench.domain.reports import Bar, Report

WIDTH = 720
_BAR, _GAP = 9, 8
_LEFT, _RIGHT, _TOP, _BOTTOM = 190, 90, 24, 6
_LONGEST_LABEL = 36
_FONT, _SMALL, _INK, _SOFT = "Helvetica", 8, HexColor("#17222e"), HexColor("#8a97a6")
# Told apart by people who see no red or green, and in grey on paper (Okabe-Ito).
_COLOURS = (HexColor("#0072B2"), HexColor("#E69F00"), HexColor("#009E73"))


def draw(report: Report) -> Drawing:
    """The picture, or a sentence when there is nothing to draw."""
    group = _BAR * len(report.series) + _GAP
    drawing = Drawing(WIDTH, group * len(report.bars) + _TOP + _BOTTOM)
    if not report.bars:
        drawing.add(_text(_LEFT, _BOTTOM, "Nothing in this period."))
        return drawing
    zero, scale = _scale(report.bars)
    for number, name in enumerate(report.series):
        drawing.add(
            Rect(
                _LEFT + 130 * number, drawing.height - 13, 9, 9, fillColor=_COLOURS[number], strokeColor=None
            )
        )
        drawing.add(_text(_LEFT + 130 * number + 14, drawing.height - 12, name))
    for number, bar in enumerate(report.bars):
        _draw_bar(drawing, bar, drawing.height - _TOP - group * number, zero, scale)
    drawing.add(Line(zero, _BOTTOM, zero, drawing.height - _TOP + 2, strokeColor=_SOFT, strokeWidth=0.7))
    return drawing


def _scale(bars: Sequence[Bar]) -> tuple[float, float]:
    """Where 0 stands, and points per cent: take-backs go to the left of it."""
    low = min(0, *(min(bar.cents) for bar in bars))
    high = max(1, *(max(bar.cents) for bar in bars))
    scale = (WIDTH - _LEFT - _RIGHT) / (high - low)
    return _LEFT - low * scale, scale


def _draw_bar(drawing: Drawing, bar: Bar, top: float, zero: float, scale: float) -> None:
    label = bar.label if len(bar.label) <= _LONGEST_LABEL else f"{bar.label[: _LONGEST_LABEL - 3]}..."
    middle = top - _BAR * len(bar.cents) / 2 - _SMALL / 3
    drawing.add(_text(_LEFT - 6, middle, label, anchor="end"))
    for number, cents in enumerate(bar.cents):
        bottom = top - _BAR * (number + 1)
        start = zero + min(0, cents) * scale
        width = abs(cents) * scale
        drawing.add(Rect(start, bottom + 0.5, width, _BAR - 1, fillColor=_COLOURS[number], strokeColor=None))
        if number == 0:
            drawing.add(_text(max(zero, start + width) + 4, bottom + 1.5, format_dollars(cents)))


def _text(x: float, y: float, text: str, anchor: str = "start") -> String:
    return String(x, y, text, fontName=_FONT, fontSize=_SMALL, fillColor=_INK, textAnchor=anchor)


def picture_svg(report: Report) -> str:
    """The picture as an SVG element; texts in it are escaped."""
    svg: str = renderSVG.drawToString(draw(report))
    return svg[svg.index("<svg") :]
