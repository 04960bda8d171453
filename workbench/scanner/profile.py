"""How to scan: what a clerk chooses, turned into the words of the one scanner (spec scan-batches 3.10)."""

from dataclasses import dataclass, field

from workbench.scanner.errors import ScannerError
from workbench.scanner.options import Capabilities, Mode, Source

# Millimetres. Letter is what the office's paper is.
PAPER_SIZES = {"Letter": (215.9, 279.4), "Legal": (215.9, 355.6), "A4": (210.0, 297.0)}


@dataclass(frozen=True, slots=True)
class Profile:
    """Attributes:
    dpi: 200 or 300 in practice; 300 is the default.
    paper: a key of `PAPER_SIZES`; cut to what the glass has.
    extra: further options by the scanner's own names (with dashes), for who set the device up.
    """

    name: str = "Standard"
    dpi: int = 300
    mode: Mode = Mode.GRAY
    source: Source = Source.FEEDER
    paper: str = "Letter"
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def uses_feeder(self) -> bool:
        return self.source is not Source.FLATBED

    @property
    def file_format(self) -> str:
        """Without loss where that is small; grey and colour as JPEG, as copiers send them."""
        return "png" if self.mode is Mode.BLACK_AND_WHITE else "jpeg"


def arguments(profile: Profile, capabilities: Capabilities) -> list[str]:
    """The profile as options of `scanimage`. Raises ScannerError for what the scanner cannot do."""
    source = capabilities.source_arguments(profile.source)
    if source is None:
        raise ScannerError(f"This scanner has no {profile.source.value}.")
    wanted = list(source)
    mode = capabilities.mode_name(profile.mode)
    if mode is not None:
        wanted.append(f"--mode={mode}")
    elif capabilities.choices("--mode"):
        raise ScannerError(f"This scanner cannot scan in {profile.mode.value}.")
    capabilities.require_resolution(profile.dpi)
    if "--resolution" in capabilities.options:
        wanted.append(f"--resolution={profile.dpi}")
    wanted += _paper(profile, capabilities)
    for name, value in profile.extra.items():
        if name not in capabilities.options and name not in capabilities.dormant:
            raise ScannerError(f"This scanner has no option {name}.")
        wanted.append(f"{name}={value}")
    return wanted


def _paper(profile: Profile, capabilities: Capabilities) -> list[str]:
    width, height = PAPER_SIZES[profile.paper]
    wanted = []
    # A feeder that has its own idea of the paper must be told first: it bounds -x and -y.
    for names, size in ((("--page-width", "-x"), width), (("--page-height", "-y"), height)):
        for name in names:
            option = capabilities.options.get(name)
            if option is not None and option.range is not None:
                cut = max(option.range.low, min(size, option.range.high))
                wanted += [name, f"{cut:g}"] if name in ("-x", "-y") else [f"{name}={cut:g}"]
    return wanted
