"""Saved ways to scan: the office's, a person's own, the last one used."""

from dataclasses import replace

import pytest

from tests.builders import Office
from tests.services.scan_desk import with_only
from workbench.domain.permissions import Permission
from workbench.errors import NotFoundError, NotPermittedError, RefusedError
from workbench.scanner.options import Mode, Source
from workbench.services.image_import import Target
from workbench.services.scan_profiles import MOST, STANDARD, ScanProfile, ScanProfiles

DUPLEX = ScanProfile(
    "Mail, both sides",
    source=Source.FEEDER_DUPLEX,
    mode=Mode.BLACK_AND_WHITE,
    dpi=200,
    paper="Legal",
    target=Target.AT_SEPARATORS,
    drop_blank=True,
    device="test:0",
)


@pytest.fixture
def profiles(office: Office) -> ScanProfiles:
    return ScanProfiles(office.database)


def test_standard_is_always_there(office: Office, profiles: ScanProfiles) -> None:
    assert profiles.all(office.north_clerk) == [STANDARD]
    assert profiles.last_used(office.north_clerk) == STANDARD
    scan = STANDARD.for_scanner()
    assert (scan.dpi, scan.mode, scan.paper) == (300, Mode.GRAY, "Letter"), "spec 3.10"


def test_own_ones_are_seen_by_nobody_else(office: Office, profiles: ScanProfiles) -> None:
    profiles.keep(office.north_clerk, replace(DUPLEX, name="  Mail, both sides "))
    assert profiles.all(office.north_clerk) == [STANDARD, DUPLEX]
    assert profiles.all(office.south_clerk) == [STANDARD]
    profiles.forget(office.north_clerk, DUPLEX.name, office=False)
    assert profiles.all(office.north_clerk) == [STANDARD]
    with pytest.raises(NotFoundError):
        profiles.forget(office.north_clerk, DUPLEX.name, office=False)


def test_the_offices_are_everybodys_and_stand_behind_ones_own(office: Office, profiles: ScanProfiles) -> None:
    shared = replace(DUPLEX, office=True)
    profiles.keep(office.supervisor, shared)
    own = replace(DUPLEX, dpi=300)
    profiles.keep(office.north_clerk, own)
    assert profiles.all(office.north_clerk) == [STANDARD, own]
    assert profiles.all(office.south_clerk) == [STANDARD, shared]
    clerk = with_only(office.north_clerk, office.north_clerk.permissions - {Permission.SETUP})
    for change in (
        lambda: profiles.keep(clerk, shared),
        lambda: profiles.forget(clerk, DUPLEX.name, office=True),
    ):
        with pytest.raises(NotPermittedError, match="setup"):
            change()
    with office.database.reading() as stores:
        (event,) = stores.audit.of("company_setting", 0)
    assert (event.action, event.reason) == ("scan_profiles.set", DUPLEX.name)


def test_the_last_one_used_comes_back(office: Office, profiles: ScanProfiles) -> None:
    profiles.use(office.north_clerk, DUPLEX)
    assert profiles.last_used(office.north_clerk) == DUPLEX
    assert profiles.last_used(office.south_clerk) == STANDARD


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_names_that_cannot_be(office: Office, profiles: ScanProfiles, name: str) -> None:
    with pytest.raises(RefusedError, match="at most 40"):
        profiles.keep(office.north_clerk, replace(DUPLEX, name=name))


def test_not_more_than_a_list_can_show(office: Office, profiles: ScanProfiles) -> None:
    for number in range(MOST):
        profiles.keep(office.north_clerk, replace(DUPLEX, name=f"Profile {number}"))
    with pytest.raises(RefusedError, match="already"):
        profiles.keep(office.north_clerk, DUPLEX)


def test_a_profile_of_another_version_is_left_out(office: Office, profiles: ScanProfiles) -> None:
    profiles.keep(office.north_clerk, DUPLEX)
    with office.database.transaction() as stores:
        user_id = office.north_clerk.user_id
        text = stores.office.user_setting(user_id, "scan_profiles", "")
        changed = text.replace("Legal", "A3")
        assert changed != text
        stores.office.set_user_setting(user_id, "scan_profiles", changed)
    assert profiles.all(office.north_clerk) == [STANDARD]
