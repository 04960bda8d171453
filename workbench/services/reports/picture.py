"""A report's picture: horizontal bars of money, the same drawing on screen (SVG) and on paper (PDF)."""

from reportlab.graphics import renderSVG
from reportlab.graphics.charts.barcharts import HorizontalBarChart
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.colors import Color, HexColor

from workbench.domain.reports import Report

WIDTH = 720
_BAR_HEIGHT, _GAP = 9, 10
_LEFT, _RIGHT, _TOP, _BOTTOM = 190, 30, 34, 30
_LONGEST_LABEL = 34
# Told apart by people who see no red or green, and in grey on paper (Okabe-Ito).
_COLOURS = ("#0072B2", "#E69F00", "#009E73")


def draw(report: Report) -> Drawing:
    """The picture, or a sentence when there is nothing to draw."""
    rows = len(report.bars)
    body = rows * (_BAR_HEIGHT * len(report.series) + _GAP)
    drawing = Drawing(WIDTH, body + _TOP + _BOTTOM)
    if not rows:
        drawing.add(String(_LEFT, _BOTTOM, "Nothing in this period.", fontSize=10))
        return drawing
    drawing.add(_chart(report, body))
    drawing.add(_legend(report, body))
    return drawing


def _chart(report: Report, body: float) -> HorizontalBarChart:
    chart = HorizontalBarChart()
    chart.x, chart.y = _LEFT, _BOTTOM
    chart.width, chart.height = WIDTH - _LEFT - _RIGHT, body
    bars = report.bars[::-1]  # the chart draws upwards
    chart.data = [tuple(bar.cents[number] / 100 for bar in bars) for number in range(len(report.series))]
    chart.reversePlotOrder = 1
    chart.categoryAxis.categoryNames = [bar.label[:_LONGEST_LABEL] for bar in bars]
    chart.categoryAxis.labels.fontSize = 8
    chart.valueAxis.labels.fontSize = 8
    chart.valueAxis.labelTextFormat = "{:,.0f}".format
    chart.valueAxis.valueMin = min(0, *(min(column) for column in chart.data))
    chart.barWidth, chart.groupSpacing = _BAR_HEIGHT, _GAP
    chart.bars.strokeColor = None
    for number, colour in enumerate(_colours(report)):
        chart.bars[number].fillColor = colour
    return chart


def _legend(report: Report, body: float) -> Legend:
    legend = Legend()
    legend.x, legend.y = _LEFT, body + _BOTTOM + 22
    legend.colorNamePairs = list(zip(_colours(report), report.series, strict=True))
    legend.columnMaximum = 1
    legend.fontSize = 9
    legend.alignment = "right"
    legend.deltax = 110
    legend.strokeColor = None
    return legend


def _colours(report: Report) -> list[Color]:
    return [HexColor(_COLOURS[number % len(_COLOURS)]) for number in range(len(report.series))]


def picture_svg(report: Report) -> str:
    """The picture as an SVG element; texts in it are escaped."""
    svg: str = renderSVG.drawToString(draw(report))
    return svg[svg.index("<svg") :]
