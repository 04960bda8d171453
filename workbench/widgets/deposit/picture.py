"""The picture "where the money went": deposit -> claims, provider adjustments, exclusions, unreconciled."""

import io
from collections.abc import Sequence

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from workbench.domain.money import format_dollars

INK, SOFT = "#17222e", "#475666"
COLOURS = {
    "Deposit": "#8a97a6",
    "Claims paid": "#2f7d4f",
    "Provider adjustments": "#8a5a00",
    "Exclusions": "#6b5b95",
    "Reported": "#3b7ea1",
    "Unreconciled": "#b3261e",
}


def waterfall(steps: Sequence[tuple[str, int]]) -> bytes:
    """An SVG: the first step is the whole, each further one takes its part away from what is left.

    `steps` are (label, cents). The figure is made without pyplot, whose global state would grow in a kernel.
    """
    with rc_context({"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9}):
        figure = Figure(figsize=(4.6, 0.3 * len(steps) + 0.1))
        canvas = FigureCanvasSVG(figure)
        axes = figure.add_axes((0.22, 0.02, 0.77, 0.96))
        left = 0.0
        low, high = 0.0, 0.01
        for row, (label, cents) in enumerate(steps):
            dollars = cents / 100  # for the eye alone: the numbers stay cents
            start = 0.0 if row == 0 else left - dollars
            axes.barh(row, dollars, left=start, height=0.62, color=COLOURS.get(label, SOFT))
            left = dollars if row == 0 else left - dollars
            end = max(start, start + dollars)
            low, high = min(low, start, left), max(high, end)
            axes.annotate(
                format_dollars(cents), (end, row), (4, 0), textcoords="offset points", va="center", color=INK
            )
        axes.set_yticks(range(len(steps)), [label for label, _ in steps], color=INK)
        axes.invert_yaxis()
        axes.set_xticks([])
        axes.set_xlim(low, high + 0.36 * (high - low))
        axes.tick_params(length=0)
        axes.axvline(0, color="#8a97a6", linewidth=0.8)
        for spine in axes.spines.values():
            spine.set_visible(False)
        out = io.BytesIO()
        canvas.print_svg(out, metadata={"Date": None, "Title": "Where the money went"})
    return out.getvalue()


def alternative(steps: Sequence[tuple[str, int]]) -> str:
    """The picture in a sentence."""
    if not steps:
        return "Nothing to show."
    (whole, amount), *parts = steps
    told = ", ".join(f"{label} {format_dollars(cents)}" for label, cents in parts)
    return f"Where the money went: {whole} {format_dollars(amount)}: {told}."
