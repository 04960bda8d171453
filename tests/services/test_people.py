"""Who works here: one desk until somebody is named, then roles and practices; every change audited."""

import threading

import pytest

from workbench.domain.permissions import Permission
from workbench.domain.roles import ROLES, Role
from workbench.errors import NotFoundError, NotPermittedError, RefusedError
from workbench.services.passwords import hash_password, is_right
from workbench.services.people import People, clean_login
from workbench.services.sign_in import SignIn
from workbench.storage import Database

PASSWORD = "four plain words here"


@pytest.fixture
def people(either_database: Database) -> People:
    with either_database.transaction() as stores:
        stores.office.add_practice("North Anesthesia")
        stores.office.add_practice("South Pain Clinic")
    return People(either_database)


def test_one_desk_may_do_everything_until_somebody_is_named(people: People) -> None:
    desk = people.at_this_desk("owner")
    assert desk.permissions == frozenset(Permission)
    assert len(desk.practice_ids) == 2
    people.add(desk, "Ann@Office", "Ann", roles=[Role.CODER], practices=["north anesthesia"])
    # Who set it up administers it; a stranger at the same machine is nobody now.
    assert people.at_this_desk("owner").permissions == frozenset(Permission)
    with pytest.raises(NotPermittedError, match="not a person of this office"):
        people.at_this_desk("stranger")
    ann = people.named("ann@office")
    assert ann.permissions == ROLES[Role.CODER]
    assert len(ann.practice_ids) == 1
    assert not ann.sees_unassigned


def test_roles_and_practices_are_replaced_and_roles_add_up(people: People) -> None:
    owner = people.at_this_desk("owner")
    people.add(owner, "ann", "Ann", roles=[Role.CODER], practices=["North Anesthesia"])
    people.set_roles(owner, "ann", [Role.SCAN_CLERK, Role.SUPERVISOR])
    people.set_practices(owner, "ann", ["South Pain Clinic"])
    ann = people.named("ann")
    assert ann.permissions == ROLES[Role.SCAN_CLERK] | ROLES[Role.SUPERVISOR]
    assert ann.sees_unassigned
    assert [person.practices for person in people.everybody(owner) if person.login == "ann"] == [
        ("South Pain Clinic",)
    ]


@pytest.mark.parametrize("role", [role for role in Role if Permission.SETUP not in ROLES[role]])
def test_only_who_may_set_up_changes_people(people: People, role: Role) -> None:
    owner = people.at_this_desk("owner")
    people.add(owner, "ann", "Ann", roles=[role])
    ann = people.named("ann")
    for change in (
        lambda: people.add(ann, "bob", "Bob"),
        lambda: people.set_roles(ann, "ann", [Role.ADMINISTRATOR]),
        lambda: people.set_practices(ann, "ann", []),
        lambda: people.set_password(ann, "ann", PASSWORD),
        lambda: people.deactivate(ann, "owner"),
        lambda: people.activate(ann, "ann"),
        lambda: people.everybody(ann),
    ):
        with pytest.raises(NotPermittedError):
            change()


def test_an_administrator_is_always_left(people: People) -> None:
    owner = people.at_this_desk("owner")
    people.add(owner, "ann", "Ann", roles=[Role.ADMINISTRATOR])
    people.deactivate(owner, "ann")
    with pytest.raises(RefusedError, match="At least one administrator"):
        people.deactivate(owner, "owner")
    with pytest.raises(RefusedError, match="At least one administrator"):
        people.set_roles(owner, "owner", [Role.SUPERVISOR])
    assert people.at_this_desk("owner").permissions == frozenset(Permission)


def test_two_administrators_do_not_take_each_other_away_at_once(people: People) -> None:
    owner = people.at_this_desk("owner")
    people.add(owner, "ann", "Ann", roles=[Role.ADMINISTRATOR])
    together = threading.Barrier(2)
    outcomes = []

    def demote(login: str) -> None:
        together.wait()
        try:
            people.set_roles(owner, login, [])
            outcomes.append("done")
        except (RefusedError, NotPermittedError):
            outcomes.append("refused")

    both = [threading.Thread(target=demote, args=(login,)) for login in ("owner", "ann")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]


def test_a_person_who_left_neither_signs_in_nor_acts(people: People, either_database: Database) -> None:
    owner, door = people.at_this_desk("owner"), SignIn(either_database)
    people.add(owner, "ann", "Ann", roles=[Role.CODER])
    people.set_password(owner, "ann", PASSWORD)
    assert door.is_asked()
    signed_in = door.by_password(" ANN ", PASSWORD)
    assert signed_in is not None
    assert signed_in.login == "ann"
    people.deactivate(owner, "ann")
    assert door.by_password("ann", PASSWORD) is None
    assert door.by_name("ann") is None
    with pytest.raises(NotPermittedError, match="no longer"):
        people.named("ann")
    people.activate(owner, "ann")
    assert door.by_password("ann", PASSWORD) is None
    assert people.named("ann").permissions == ROLES[Role.CODER]


def test_wrong_tries_are_refused_alike_and_audited(people: People, either_database: Database) -> None:
    owner, door = people.at_this_desk("owner"), SignIn(either_database)
    people.add(owner, "ann", "Ann")
    people.set_password(owner, "ann", PASSWORD)
    for login, password in (("ann", "wrong"), ("nobody", PASSWORD), ("", ""), ("x" * 500, "y" * 100_000)):
        assert door.by_password(login, password) is None
        door.refused(login)
    with either_database.reading() as stores:
        history = [event.action for event in stores.audit.of("user", people.named("ann").user_id)]
        stored = stores.people.password_hash("ann")
    assert history == ["people.add", "people.password", "sign_in.refused"]
    assert stored is not None
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")  # RFC 9106, second recommendation


def test_a_change_says_what_was_before_and_after(people: People, either_database: Database) -> None:
    owner = people.at_this_desk("owner")
    people.add(owner, "ann", "Ann", roles=[Role.CODER])
    people.set_roles(owner, "ann", [Role.READ_ONLY])
    with either_database.reading() as stores:
        last = stores.audit.of("user", people.named("ann").user_id)[-1]
    assert (last.action, last.before, last.after) == (
        "people.roles",
        {"roles": ["coder"]},
        {"roles": ["read_only"]},
    )


@pytest.mark.parametrize("password", ["short", "x" * 201, "aaaaaaaaaaaaaaaa", "carla and carla again"])
def test_a_poor_password_is_refused(password: str) -> None:
    with pytest.raises(RefusedError):
        hash_password("carla", password)


def test_a_hash_is_of_its_password_alone_and_never_twice_the_same() -> None:
    one, two = hash_password("carla", PASSWORD), hash_password("carla", PASSWORD)
    assert one != two
    assert is_right(one, PASSWORD)
    assert not is_right(one, PASSWORD + " ")
    assert not is_right(None, PASSWORD)


@pytest.mark.parametrize("login", ["", "-ann", 'ann"; drop role', "ann bob", "änn", "x" * 51])
def test_what_cannot_be_a_login_is_refused(login: str) -> None:
    with pytest.raises(RefusedError):
        clean_login(login)


def test_unknown_people_and_practices_are_named(people: People) -> None:
    owner = people.at_this_desk("owner")
    with pytest.raises(NotFoundError, match="no person ann"):
        people.set_roles(owner, "ann", [])
    with pytest.raises(NotFoundError, match="no practice East Side"):
        people.add(owner, "ann", "Ann", practices=["East Side"])
    with pytest.raises(RefusedError, match="already"):
        people.add(owner, "owner", "Owner")
