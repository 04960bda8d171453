"""Option lists of drivers that we have no hardware for, in the form that `scanimage -A` prints them."""

import pytest

from workbench.scanner.errors import ScannerError
from workbench.scanner.options import Mode, Source, parse_options
from workbench.scanner.profile import Profile, arguments

# Written after the manual pages sane-fujitsu(5), sane-airscan(5) and sane-pixma(5).
FUJITSU = """
All options specific to device `fujitsu:fi-7160:1':
  Standard:
    --source ADF Front|ADF Back|ADF Duplex [ADF Front]
        Selects the scan source (such as a document-feeder).
    --mode Lineart|Halftone|Gray|Color [Lineart]
        Selects the scan mode (e.g., lineart, monochrome, or color).
    --resolution 50..600dpi (in steps of 1) [600]
        Sets the resolution of the scanned image.
  Geometry:
    --page-width 0..221.121mm (in steps of 0.0211639) [215.872]
    --page-height 0..863.489mm (in steps of 0.0211639) [279.364]
    -l 0..215.872mm (in steps of 0.0211639) [0]
    -x 0..215.872mm (in steps of 0.0211639) [215.872]
    -y 0..279.364mm (in steps of 0.0211639) [279.364]
  Enhancement:
    --brightness -127..127 (in steps of 1) [0]
    --threshold 0..255 (in steps of 1) [inactive]
    --swdeskew[=(yes|no)] [no] [advanced]
"""
AIRSCAN = """
    --resolution 75|100|200|300|600dpi [300]
    --mode Color|Gray [Color]
    --source Flatbed|ADF|ADF Duplex [Flatbed]
    -x 0..215.9mm (in steps of 0.0211639) [215.9]
    -y 0..297mm (in steps of 0.0211639) [297]
"""
PLAIN = """
    --mode Lineart|Gray|Color [Gray]
    --resolution 300dpi [300]
"""
SWITCH = """
    --source Flatbed|Automatic Document Feeder [Flatbed]
    --adf-mode Simplex|Duplex [inactive]
    --duplex[=(yes|no)] [no]
    --mode Black & White|Gray|Color [Gray]
"""


def test_a_duplex_feeder_without_glass() -> None:
    found = parse_options(FUJITSU)
    assert found.sources == (Source.FEEDER, Source.FEEDER_DUPLEX)
    assert found.modes == (Mode.BLACK_AND_WHITE, Mode.GRAY, Mode.COLOR)
    assert arguments(Profile(source=Source.FEEDER_DUPLEX), found) == [
        "--source=ADF Duplex", "--mode=Gray", "--resolution=300",
        "--page-width=215.9", "-x", "215.872", "--page-height=279.4", "-y", "279.364",
    ]  # fmt: skip


def test_options_that_cannot_be_set_now_are_left_out() -> None:
    options = parse_options(FUJITSU).options
    assert "--threshold" not in options
    assert "--threshold" in parse_options(FUJITSU).dormant
    assert options["--swdeskew"].choices == ("yes", "no")
    brightness = options["--brightness"].range
    assert brightness is not None
    assert (brightness.low, brightness.high) == (-127, 127)


def test_listed_resolutions() -> None:
    found = parse_options(AIRSCAN)
    found.require_resolution(600)
    with pytest.raises(ScannerError, match="It offers 75, 100, 200, 300, 600 dpi"):
        found.require_resolution(150)


def test_a_device_with_one_source_does_not_ask_for_it() -> None:
    found = parse_options(PLAIN)
    assert found.sources == (Source.FLATBED,)
    assert arguments(Profile(source=Source.FLATBED, mode=Mode.BLACK_AND_WHITE), found) == [
        "--mode=Lineart",
        "--resolution=300",
    ]


def test_duplex_by_a_switch() -> None:
    found = parse_options(SWITCH)
    assert found.source_arguments(Source.FEEDER_DUPLEX) == [
        "--source=Automatic Document Feeder",
        "--duplex=yes",
    ]
    assert found.mode_name(Mode.BLACK_AND_WHITE) == "Black & White"
