"""What a scanner can do, from the option list that `scanimage --all-options` prints."""

import re
from dataclasses import dataclass
from enum import StrEnum

from workbench.scanner.errors import ScannerError


class Mode(StrEnum):
    BLACK_AND_WHITE = "b&w"
    GRAY = "gray"
    COLOR = "color"


class Source(StrEnum):
    FLATBED = "flatbed"
    FEEDER = "feeder"
    FEEDER_DUPLEX = "feeder, both sides"


# Drivers name these as they like; the names of those in Debian's sane-backends and sane-airscan.
_MODE_NAMES = {
    Mode.BLACK_AND_WHITE: ("lineart", "black & white", "black and white", "binary", "monochrome", "1-bit"),
    Mode.GRAY: ("gray", "grayscale", "grey", "true gray", "8-bit gray", "24bit gray"),
    Mode.COLOR: ("color", "colour", "24bit color", "24bit color[fast]", "color24", "full color"),
}
_FEEDER_WORDS = ("adf", "feeder")
_OPTION = re.compile(
    r"^ {4}(?P<name>-[a-z]|--[\w-]+)(?P<flag>\[=\([^)]*\)\])?(?: (?P<values>.*?))?"
    r"(?: \[(?P<current>[^\]]*)\])?(?: \[[a-z-]+\])*$"
)
_RANGE = re.compile(
    r"(?P<low>-?[\d.]+)\.\.(?P<high>-?[\d.]+)(?P<unit>[a-z%]*)(?: \(in steps of (?P<step>[\d.]+)\))?"
)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_INACTIVE = {"inactive", "read-only"}


@dataclass(frozen=True, slots=True)
class Range:
    low: float
    high: float
    step: float

    def holds(self, value: float) -> bool:
        """Whether `value` is one of the range's steps."""
        if not self.low <= value <= self.high:
            return False
        steps = (value - self.low) / self.step if self.step else 0.0
        return abs(steps - round(steps)) < 1e-3


@dataclass(frozen=True, slots=True)
class Option:
    """Attributes:
    name: with its dashes, as it is given to scanimage.
    choices: allowed words or numbers, in the driver's spelling; empty for a range or a free value.
    """

    name: str
    choices: tuple[str, ...]
    range: Range | None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Attributes:
    options: what can be set just now, by name.
    dormant: names of options that another option wakes.
    """

    options: dict[str, Option]
    dormant: frozenset[str] = frozenset()

    def choices(self, name: str) -> tuple[str, ...]:
        option = self.options.get(name)
        return option.choices if option else ()

    def mode_name(self, mode: Mode) -> str | None:
        """The driver's word for a mode, or None when the device does not have it."""
        for choice in self.choices("--mode"):
            if choice.casefold() in _MODE_NAMES[mode]:
                return choice
        return None

    @property
    def modes(self) -> tuple[Mode, ...]:
        return tuple(mode for mode in Mode if self.mode_name(mode))

    def source_arguments(self, source: Source) -> list[str] | None:
        """The options that choose a source, or None when the device does not have it."""
        for choice in self.choices("--source"):
            if _kind_of_source(choice) is source:
                return [f"--source={choice}"]
        if source is Source.FEEDER_DUPLEX:
            return self._duplex_switch()
        if source is Source.FLATBED and not self.choices("--source"):
            return []  # it has one source and does not ask
        return None

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(source for source in Source if self.source_arguments(source) is not None)

    def require_resolution(self, dpi: int) -> None:
        """Raises ScannerError for a resolution that is not listed: drivers round 99999 to 1 dpi in silence."""
        option = self.options.get("--resolution")
        if option is None:
            return
        listed = {float(choice) for choice in option.choices}
        allowed = option.range.holds(dpi) if option.range else dpi in listed
        if not allowed:
            raise ScannerError(f"The scanner cannot scan at {dpi} dpi. It offers {_offer(option)}.")

    def _duplex_switch(self) -> list[str] | None:
        feeder = self.source_arguments(Source.FEEDER)
        if feeder is None:
            return None
        if "--duplex" in self.options:
            return [*feeder, "--duplex=yes"]
        for choice in self.choices("--adf-mode"):
            if choice.casefold() == "duplex":
                return [*feeder, f"--adf-mode={choice}"]
        return None


def parse_options(listing: str) -> Capabilities:
    """Read the output of `scanimage --all-options`."""
    options, dormant = {}, set()
    for line in listing.splitlines():
        match = _OPTION.match(line)
        if match is None:
            continue
        if match["current"] in _INACTIVE:
            dormant.add(match["name"])
        else:
            name = match["name"]
            options[name] = _option(name, match["values"] or "", is_flag=bool(match["flag"]))
    return Capabilities(options, frozenset(dormant))


def _option(name: str, values: str, *, is_flag: bool) -> Option:
    if is_flag:
        return Option(name, ("yes", "no"), None)
    bounds = _RANGE.match(values)
    if bounds is not None:
        reach = Range(float(bounds["low"]), float(bounds["high"]), float(bounds["step"] or 0))
        return Option(name, (), reach)
    words = tuple(values.split("|")) if "|" in values or not values.startswith("<") else ()
    if name == "--resolution":
        words = tuple(number[0] for word in words if (number := _NUMBER.match(word)))
    return Option(name, words, None)


def _kind_of_source(choice: str) -> Source | None:
    word = choice.casefold()
    if "duplex" in word:
        return Source.FEEDER_DUPLEX
    if any(feeder in word for feeder in _FEEDER_WORDS):
        return None if "back" in word else Source.FEEDER
    return Source.FLATBED if "flatbed" in word or "platen" in word else None


def _offer(option: Option) -> str:
    if option.range:
        return f"{option.range.low:g} to {option.range.high:g} dpi"
    return ", ".join(option.choices) + " dpi"
