"""Takes in the code lists an office has licensed, and hands out the book of all meanings."""

from dataclasses import dataclass

from workbench.domain.codes import SHIPPED, CodeBook, CodeList
from workbench.domain.codes.licensed import read_licensed_csv
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.storage import Database

# Below this likeness (Jaccard) to every shipped list a file is not recognised: a full list of remark
# codes still shares about one code in twenty with our commonest ones.
LEAST_LIKENESS = 0.01


@dataclass(frozen=True, slots=True)
class ImportedCodes:
    """Attributes:
    replaced: how many codes the list had that stood there before.
    """

    code_list: CodeList
    codes: int
    replaced: int


class CodeLists:
    """The code lists of the office."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def book(self) -> CodeBook:
        """Meanings of codes: licensed texts first, our own short words otherwise."""
        with self._database.reading() as stores:
            return stores.codes.book()

    def import_licensed(
        self, actor: Actor, content: bytes, code_list: CodeList | None = None
    ) -> ImportedCodes:
        """Stores a licensed list in the place of the one before; which list it is shows from its codes.

        Raises RefusedError when the file is no code list, or not clearly one of ours.
        """
        actor.require(Permission.SETUP)
        meanings = read_licensed_csv(_decoded(content).splitlines(keepends=True))
        kind = code_list or _recognised(frozenset(meanings))
        with self._database.transaction() as stores:
            replaced = stores.codes.replace(kind, meanings)
            result = ImportedCodes(kind, len(meanings), replaced)
            stores.audit.add(
                actor,
                "codes.import",
                "code_list",
                list(CodeList).index(kind),
                before={"codes": replaced},
                after={"list": kind.value, "codes": len(meanings)},
            )
        return result


def _decoded(content: bytes) -> str:
    """UTF-8, or what Excel on Windows writes."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _recognised(codes: frozenset[str]) -> CodeList:
    """The shipped list whose codes are most like these; claim status numbers are reason codes too, but few."""

    def likeness(code_list: CodeList) -> float:
        shipped = SHIPPED[code_list].keys()
        return len(codes & shipped) / len(codes | shipped)

    best, second = sorted(CodeList, key=likeness, reverse=True)[:2]
    if likeness(best) < LEAST_LIKENESS or likeness(best) == likeness(second):
        raise RefusedError(
            "It does not show from the codes which list this is. Say so: "
            f"--list {'|'.join(CodeList)}. Nothing was imported."
        )
    return best
