"""Saved ways to scan: the office's and each person's own (spec scan-batches 3.10)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import NotFoundError, RefusedError
from workbench.scanner.options import Mode, Source
from workbench.scanner.profile import PAPER_SIZES, Profile
from workbench.services.image_import import Target
from workbench.storage import Database, Stores

NAME_LENGTH = 40
MOST = 50
_KEY, _LAST = "scan_profiles", "scan_profile_last"


@dataclass(frozen=True, slots=True)
class ScanProfile:
    """Everything that is chosen before a scan.

    Attributes:
        target: where pages go; by it also whether separator sheets or blank pages begin sets.
        drop_blank: blank backs are left out.
        deskew: pages are straightened as they come.
        device: SANE's name of the scanner; empty: whichever is found first.
        office: everybody has it; only who sets up may change it.
    """

    name: str
    source: Source = Source.FEEDER
    mode: Mode = Mode.GRAY
    dpi: int = 300
    paper: str = "Letter"
    target: Target = Target.CURRENT_SET
    drop_blank: bool = False
    deskew: bool = False
    device: str = ""
    office: bool = False

    def for_scanner(self) -> Profile:
        return Profile(name=self.name, dpi=self.dpi, mode=self.mode, source=self.source, paper=self.paper)


# Spec 3.10: what gives good pages fast. It is always there.
STANDARD = ScanProfile("Standard")


class ScanProfiles:
    """Profiles by name; one of a person's own stands in front of the office's of the same name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, actor: Actor) -> list[ScanProfile]:
        """Standard first, then by name."""
        actor.require(Permission.IMAGE_ADD)
        with self._database.reading() as stores:
            found = {**_office(stores), **_own(stores, actor)}
        named = sorted(found.values(), key=lambda each: each.name.casefold())
        return [found.get(STANDARD.name, STANDARD), *(each for each in named if each.name != STANDARD.name)]

    def last_used(self, actor: Actor) -> ScanProfile:
        """The person's last one, with the device it was used on; Standard at first."""
        actor.require(Permission.IMAGE_ADD)
        with self._database.reading() as stores:
            stored = stores.office.user_setting(actor.user_id, _LAST, "{}")
        return _read(json.loads(stored)) or STANDARD

    def use(self, actor: Actor, profile: ScanProfile) -> None:
        """Remembers how the person scanned, whether it has a saved name or not."""
        actor.require(Permission.IMAGE_ADD)
        with self._database.transaction() as stores:
            stores.office.set_user_setting(actor.user_id, _LAST, json.dumps(asdict(profile)))

    def keep(self, actor: Actor, profile: ScanProfile) -> None:
        """Saves the profile under its name, in place of one of that name."""
        _require(actor, profile.office)
        name = profile.name.strip()
        if not 0 < len(name) <= NAME_LENGTH:
            raise RefusedError(f"Give the profile a name of at most {NAME_LENGTH} characters.")
        with self._database.transaction() as stores:
            kept = _office(stores) if profile.office else _own(stores, actor)
            kept[name] = ScanProfile(**{**asdict(profile), "name": name})
            if len(kept) > MOST:
                raise RefusedError(f"There are {MOST} profiles already. Delete one first.")
            self._write(stores, actor, kept, name, office=profile.office)

    def forget(self, actor: Actor, name: str, *, office: bool) -> None:
        _require(actor, office)
        with self._database.transaction() as stores:
            kept = _office(stores) if office else _own(stores, actor)
            if kept.pop(name, None) is None:
                raise NotFoundError(f"There is no saved profile {name}.")
            self._write(stores, actor, kept, name, office=office)

    @staticmethod
    def _write(
        stores: Stores, actor: Actor, kept: Mapping[str, ScanProfile], name: str, *, office: bool
    ) -> None:
        text = json.dumps([asdict(each) for each in kept.values()])
        if not office:
            stores.office.set_user_setting(actor.user_id, _KEY, text)
            return
        before = stores.office.company_setting(_KEY, "[]")
        stores.office.set_company_setting(_KEY, text)
        stores.audit.add(
            actor,
            "scan_profiles.set",
            "company_setting",
            0,
            before={_KEY: json.loads(before)},
            after={_KEY: json.loads(text)},
            reason=name,
        )


def _require(actor: Actor, office: bool) -> None:  # noqa: FBT001
    actor.require(Permission.IMAGE_ADD)
    if office:
        actor.require(Permission.SETUP)


def _office(stores: Stores) -> dict[str, ScanProfile]:
    return _read_all(stores.office.company_setting(_KEY, "[]"))


def _own(stores: Stores, actor: Actor) -> dict[str, ScanProfile]:
    return _read_all(stores.office.user_setting(actor.user_id, _KEY, "[]"))


def _read_all(text: str) -> dict[str, ScanProfile]:
    found = map(_read, json.loads(text))
    return {each.name: each for each in found if each is not None}


def _read(stored: Mapping[str, Any]) -> ScanProfile | None:
    """None for one that names a choice which this version of the program does not have."""
    try:
        profile = ScanProfile(
            **{
                **stored,
                "source": Source(stored["source"]),
                "mode": Mode(stored["mode"]),
                "target": Target(stored["target"]),
            }
        )
    except (KeyError, ValueError, TypeError):
        return None
    return profile if profile.paper in PAPER_SIZES else None
