"""Scanning from a device that this computer reaches (spec 3.10)."""

import threading

from workbench.scanner.options import Mode, Source
from workbench.scanner.profile import PAPER_SIZES, Profile
from workbench.scanner.sane import Scanner, ScanProgress
from workbench.services.image_import import Target
from workbench.widgets.image_viewer.arrivals import Arrivals
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog

_DPI = ("300", "200", "150", "600")
_TARGETS = (Target.CURRENT_SET, Target.NEW_SET, Target.SET_PER_FILE)
_NONE_FOUND = "No scanner was found. Check that it is switched on and connected, then look again."


class ScanDialog(Dialog):
    """Scan (key S). The first choice of each list is what gives good pages fast."""

    def __init__(self, arrivals: Arrivals, scanner: Scanner) -> None:
        self._arrivals = arrivals
        self._scanner = scanner
        self._cancelled = threading.Event()
        self.form = Form(
            "Scan",
            [
                Field("device", "Scanner", "select", required=True, options=[("", "Looking …")]),
                Field("source", "Source", "select", options=_options(Source.FEEDER, Source)),
                Field("mode", "Mode", "select", options=_options(Mode.GRAY, Mode)),
                Field("dpi", "Resolution", "select", options=[(dpi, f"{dpi} dpi") for dpi in _DPI]),
                Field("paper", "Paper", "select", options=[(size, size) for size in PAPER_SIZES]),
                Field("target", "Add to", "select", options=[(each.value, _word(each)) for each in _TARGETS]),
                Field("progress", "Progress", "static"),
            ],
            [
                Action("scan", "Start scan", tone="primary"),
                Action("cancel", "Cancel scan"),
                Action("look", "Look for scanners"),
                Action("close", "Close"),
            ],
            FormEvents(on_press=self._pressed),
        )
        super().__init__("Scan", self.form)

    def ask(self, target: Target) -> None:
        """Opens the window; `target` is proposed."""
        self.show()
        if self._arrivals.running:
            return
        kept = {name: self.form.values[name] for name in ("source", "mode", "dpi", "paper")}
        proposed = {"source": Source.FEEDER.value, "mode": Mode.GRAY.value, "dpi": _DPI[0], "paper": "Letter"}
        self.form.fill({**proposed, **{name: value for name, value in kept.items() if value}})
        self.form.fill({"target": target.value, "progress": None})
        self._look()

    def _look(self) -> None:
        self._block(running=False)
        devices = self._scanner.devices()
        self.form.set_options("device", [(device.name, device.label) for device in devices])
        self._block(running=False)
        if not devices:
            self.form.notify(_NONE_FOUND, "warning")

    def _pressed(self, name: str) -> None:
        if name == "scan":
            self._scan()
        elif name == "cancel":
            self._cancelled.set()
        elif name == "look":
            self._look()
        else:
            self.hide()

    def _scan(self) -> None:
        values = self.form.values
        profile = Profile(
            dpi=int(values["dpi"]),
            mode=Mode(values["mode"]),
            source=Source(values["source"]),
            paper=values["paper"],
        )
        self._cancelled.clear()
        self._block(running=True)
        self.form.fill({"progress": "Starting …"})
        self._arrivals.scan(
            self._scanner,
            values["device"],
            profile,
            Target(values["target"]),
            self._progress,
            self._end,
            self.form.notify,
            self._cancelled,
        )

    def _progress(self, progress: ScanProgress) -> None:
        text = f"Page {progress.page}: {progress.percent:.0f} %"
        if self.form.values["progress"] != text:
            self.form.fill({"progress": text})

    def _end(self, pages: int) -> None:
        text = f"{pages} page{'' if pages == 1 else 's'} scanned."
        self.form.fill({"progress": text})
        self._block(running=False)

    def _block(self, *, running: bool) -> None:
        blocked = {} if running else {"cancel": "No scan is running."}
        if running:
            blocked |= {"scan": "A scan is running.", "look": "A scan is running."}
        elif not self.form.values["device"]:
            blocked["scan"] = _NONE_FOUND
        self.form.block({}, blocked)


def _options(first: Source | Mode, every: type[Source] | type[Mode]) -> list[tuple[str, str]]:
    ordered = [first, *(each for each in every if each is not first)]
    return [(each.value, each.value.capitalize()) for each in ordered]


def _word(target: Target) -> str:
    return "One set per page" if target is Target.SET_PER_FILE else target.value
