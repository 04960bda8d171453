"""Scanning from a device that this computer reaches (spec 3.10)."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.scanner.options import Mode, Source
from workbench.scanner.profile import PAPER_SIZES
from workbench.scanner.sane import Scanner, ScanProgress
from workbench.services.image_import import FileOutcome, Target
from workbench.services.scan_profiles import NAME_LENGTH, STANDARD, ScanProfile, ScanProfiles
from workbench.widgets.image_viewer.arrivals import Arrivals, Placing
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog

_DPI = ("300", "200", "150", "600")
_NONE_FOUND = "No scanner was found. Check that it is switched on and connected, then look again."
# What a profile holds; changing one of these leaves the profile, whose name is then no longer shown.
_CHOICES = ("source", "mode", "dpi", "paper", "target", "drop_blank", "deskew")
_UNSAVED = ("", "(not saved)")


class ScanDialog(Dialog):
    """Scan (key S). It opens with what the person scanned with last.

    Attributes:
        saving: the window that asks for a profile's name; put it on the page too.
    """

    def __init__(
        self, arrivals: Arrivals, scanner: Scanner, profiles: ScanProfiles, actor: Callable[[], Actor]
    ) -> None:
        self._arrivals = arrivals
        self._scanner = scanner
        self._profiles = profiles
        self._actor = actor
        self._saved: dict[str, ScanProfile] = {}
        self._cancelled = threading.Event()
        self.saving = SaveProfileDialog(self._save)
        self.form = Form(
            "Scan",
            [
                Field("profile", "Profile", "select", options=[_UNSAVED]),
                Field("device", "Scanner", "select", required=True, options=[("", "Looking …")]),
                Field("source", "Source", "select", options=_options(Source.FEEDER, Source)),
                Field("mode", "Mode", "select", options=_options(Mode.GRAY, Mode)),
                Field("dpi", "Resolution", "select", options=[(dpi, f"{dpi} dpi") for dpi in _DPI]),
                Field("paper", "Paper", "select", options=[(size, size) for size in PAPER_SIZES]),
                Field("target", "Add to", "select", options=[(each.value, _word(each)) for each in Target]),
                Field("drop_blank", "Drop blank pages", "checkbox"),
                Field("deskew", "Deskew pages", "checkbox"),
                Field("progress", "Progress", "static"),
            ],
            [
                Action("scan", "Start scan", tone="primary"),
                Action("cancel", "Cancel scan"),
                Action("look", "Look for scanners"),
                Action("save", "Save profile", title="Keep these choices under a name"),
                Action("forget", "Delete profile"),
                Action("close", "Close"),
            ],
            FormEvents(on_change=self._changed, on_press=self._pressed),
        )
        super().__init__("Scan", self.form)

    def ask(self, target: Target) -> None:
        """Opens the window; `target` is proposed unless the person's last profile says where sets begin."""
        self.show()
        if self._arrivals.running:
            return
        last = self._profiles.last_used(self._actor())
        looks = last.target in (Target.AT_SEPARATORS, Target.AT_BLANK_PAGES)
        self._fill(last if looks else replace(last, target=target))
        self.form.fill({"progress": None})
        self._list_profiles(last.name)
        self._look(last.device)

    def _look(self, wanted: str = "") -> None:
        self._block(running=False)
        devices = self._scanner.devices()
        self.form.set_options("device", [(device.name, device.label) for device in devices])
        if wanted in {device.name for device in devices}:
            self.form.fill({"device": wanted})
        self._block(running=False)
        if not devices:
            self.form.notify(_NONE_FOUND, "warning")

    def _fill(self, profile: ScanProfile) -> None:
        self.form.fill(
            {
                "source": profile.source.value,
                "mode": profile.mode.value,
                "dpi": str(profile.dpi),
                "paper": profile.paper,
                "target": profile.target.value,
                "drop_blank": profile.drop_blank,
                "deskew": profile.deskew,
            }
        )

    def _list_profiles(self, chosen: str) -> None:
        self._saved = {each.name: each for each in self._profiles.all(self._actor())}
        names = [
            (each.name, f"{each.name} (office)" if each.office else each.name)
            for each in self._saved.values()
        ]
        self.form.set_options("profile", [*names, _UNSAVED])
        # What was used last need not be what is saved under that name.
        same = (
            chosen in self._saved and self._chosen(chosen).for_scanner() == self._saved[chosen].for_scanner()
        )
        self.form.fill({"profile": chosen if same else _UNSAVED[0]})

    def _changed(self, name: str, value: object) -> None:
        if name == "profile" and value in self._saved:
            self._fill(self._saved[str(value)])
        elif name in _CHOICES:
            self.form.fill({"profile": _UNSAVED[0]})
        self._block(running=self._arrivals.running)

    def _pressed(self, name: str) -> None:
        {
            "scan": self._scan,
            "cancel": self._cancelled.set,
            "look": self._look,
            "save": lambda: self.saving.ask(office=Permission.SETUP in self._actor().permissions),
            "forget": self._forget,
            "close": self.hide,
        }[name]()

    def _chosen(self, name: str, *, office: bool = False) -> ScanProfile:
        values = self.form.values
        return ScanProfile(
            name=name,
            source=Source(values["source"]),
            mode=Mode(values["mode"]),
            dpi=int(values["dpi"]),
            paper=values["paper"],
            target=Target(values["target"]),
            drop_blank=bool(values["drop_blank"]),
            deskew=bool(values["deskew"]),
            device=values["device"] or "",
            office=office,
        )

    def _save(self, name: str, *, office: bool) -> None:
        self._profiles.keep(self._actor(), self._chosen(name, office=office))
        self._list_profiles(name)
        self._block(running=self._arrivals.running)
        self.form.notify(f"Profile {name} is saved.", "success")

    def _forget(self) -> None:
        profile = self._saved[str(self.form.values["profile"])]
        self._profiles.forget(self._actor(), profile.name, office=profile.office)
        self._list_profiles(STANDARD.name)
        self._block(running=self._arrivals.running)

    def _scan(self) -> None:
        profile = self._chosen(str(self.form.values["profile"] or ""))
        self._profiles.use(self._actor(), profile)
        self._cancelled.clear()
        self._block(running=True)
        self.form.fill({"progress": "Starting …"})
        self._arrivals.scan(
            self._scanner,
            profile.device,
            profile.for_scanner(),
            Placing(profile.target, drop_blank=profile.drop_blank, deskew=profile.deskew),
            self._progress,
            self._end,
            self.form.notify,
            self._cancelled,
        )

    def _progress(self, progress: ScanProgress) -> None:
        text = f"Page {progress.page}: {progress.percent:.0f} %"
        if self.form.values["progress"] != text:
            self.form.fill({"progress": text})

    def _end(self, outcomes: Sequence[FileOutcome]) -> None:
        left_out = sum(outcome.left_out for outcome in outcomes)
        pages = sum(outcome.pages for outcome in outcomes) + left_out
        text = f"{_pages(pages)} scanned."
        if left_out:
            text += f" {_pages(left_out)} left out: separator sheets or blank."
        self.form.fill({"progress": text})
        self._block(running=False)

    def _block(self, *, running: bool) -> None:
        blocked = {} if running else {"cancel": "No scan is running."}
        if running:
            blocked |= dict.fromkeys(("scan", "look"), "A scan is running.")
        elif not self.form.values["device"]:
            blocked["scan"] = _NONE_FOUND
        profile = self._saved.get(str(self.form.values["profile"]))
        if profile is None or profile == STANDARD:
            blocked["forget"] = "Choose a saved profile."
        elif profile.office and Permission.SETUP not in self._actor().permissions:
            blocked["forget"] = "Profiles of the office are the administrator's."
        self.form.block({}, blocked)


class SaveProfileDialog(Dialog):
    """Asks for the name of a profile, and whether everybody shall have it."""

    def __init__(self, saved: Callable[..., None]) -> None:
        self._saved = saved
        self._form = Form(
            "Save profile",
            [
                Field("name", "Profile name", required=True, max=NAME_LENGTH),
                Field("office", "For the whole office", "checkbox"),
            ],
            [Action("save", "Save", tone="primary"), Action("cancel", "Cancel")],
            FormEvents(on_press=self._pressed),
        )
        super().__init__("Save profile", self._form)

    def ask(self, *, office: bool) -> None:
        """`office`: the person may save one for everybody."""
        self._form.fill({"name": None, "office": False})
        self._form.block({} if office else {"office": "Profiles of the office are the administrator's."}, {})
        self.show()

    def _pressed(self, name: str) -> None:
        if name == "save":
            wanted = str(self._form.values["name"] or "").strip()
            if not wanted:
                self._form.errors = {"name": "Give the profile a name."}
                self._form.focus("name")
                return
            self._saved(wanted, office=bool(self._form.values["office"]))
        self.hide()


def _options(first: Source | Mode, every: type[Source] | type[Mode]) -> list[tuple[str, str]]:
    ordered = [first, *(each for each in every if each is not first)]
    return [(each.value, each.value.capitalize()) for each in ordered]


def _word(target: Target) -> str:
    return "One set per page" if target is Target.SET_PER_FILE else target.value


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"
