"""A licensed code list is recognised by its codes, replaces its own kind, and stands in front of our words."""

import pytest

from tests.builders import Office, actor
from workbench.domain.codes import SHIPPED, CodeList
from workbench.domain.permissions import Permission
from workbench.errors import NotPermittedError, RefusedError
from workbench.services.code_lists import CodeLists


def csv_of(codes: dict[str, str]) -> bytes:
    rows = [f'{code},"{text}"' for code, text in codes.items()]
    return "\r\n".join(["Code,Description", *rows]).encode()


REASONS = {str(number): f"Licensed text, number {number}" for number in range(1, 280)}
REMARKS = {f"{letter}{number}": f"Remark {number}" for letter in ("M", "MA", "N") for number in range(1, 400)}
STATUSES = dict.fromkeys(("1", "2", "3", "4", "19", "20", "21", "22", "23", "25"), "Status")


@pytest.mark.parametrize(
    ("codes", "kind"),
    [(REASONS, CodeList.CARC), (REMARKS, CodeList.RARC), (STATUSES, CodeList.CLAIM_STATUS)],
)
def test_the_codes_show_which_list_it_is(
    either_office: Office, codes: dict[str, str], kind: CodeList
) -> None:
    done = CodeLists(either_office.database).import_licensed(either_office.supervisor, csv_of(codes))
    assert (done.code_list, done.codes, done.replaced) == (kind, len(codes), 0)


def test_licensed_texts_stand_in_front_and_ours_behind(either_office: Office) -> None:
    lists = CodeLists(either_office.database)
    lists.import_licensed(either_office.supervisor, csv_of({"45": "The licensed text"}), CodeList.CARC)
    book = lists.book()
    assert book.meaning(CodeList.CARC, "45") == "The licensed text"
    assert book.meaning(CodeList.CARC, "1") == SHIPPED[CodeList.CARC]["1"]


def test_a_newer_list_takes_the_place_of_the_one_before(either_office: Office) -> None:
    lists = CodeLists(either_office.database)
    lists.import_licensed(either_office.supervisor, csv_of(REASONS))
    lists.import_licensed(either_office.supervisor, csv_of(REMARKS))
    newer = dict.fromkeys(list(REASONS)[:200], "Newer")
    assert lists.import_licensed(either_office.supervisor, csv_of(newer)).replaced == len(REASONS)
    book = lists.book()
    assert book.licensed[CodeList.CARC] == newer
    assert book.licensed[CodeList.RARC] == REMARKS


@pytest.mark.parametrize(
    "content",
    [
        csv_of({"QQ1": "x", "QQ2": "y"}),
        b"",
        b"Name,Phone\r\nx,y\r\n",
        b"\x00\xff\xfe",
        b"Code,Description\r\n",
    ],
)
def test_what_is_no_code_list_is_refused_and_changes_nothing(office: Office, content: bytes) -> None:
    lists = CodeLists(office.database)
    with pytest.raises(RefusedError):
        lists.import_licensed(office.supervisor, content)
    assert lists.book().licensed == {}


def test_it_takes_the_right_to_set_up(office: Office) -> None:
    clerk = actor(
        office.north_clerk.user_id, office.north, permissions=frozenset(Permission) - {Permission.SETUP}
    )
    with pytest.raises(NotPermittedError):
        CodeLists(office.database).import_licensed(clerk, csv_of(REASONS))
    assert CodeLists(office.database).book().licensed == {}


def test_the_import_is_in_the_audit(office: Office) -> None:
    CodeLists(office.database).import_licensed(office.supervisor, csv_of(REASONS))
    with office.database.reading() as stores:
        (event,) = stores.audit.of("code_list", list(CodeList).index(CodeList.CARC))
    assert (event.user, event.action) == ("Supervisor", "codes.import")
    assert event.after == {"list": "carc", "codes": len(REASONS)}
