"""Licensed code lists."""

from collections.abc import Mapping

import sqlalchemy as sa

from workbench.domain.codes import CodeBook, CodeList
from workbench.storage.stores.base import Store
from workbench.storage.tables.codes import licensed_codes


class CodeStore(Store):
    """Reads and writes `licensed_codes`."""

    def replace(self, code_list: CodeList, meanings: Mapping[str, str]) -> int:
        """Puts the list in the place of the one before; gives how many codes that had."""
        gone = self._connection.execute(sa.delete(licensed_codes).where(licensed_codes.c.list == code_list))
        self._connection.execute(
            sa.insert(licensed_codes),
            [
                {"list": code_list.value, "code": code, "meaning": meaning}
                for code, meaning in meanings.items()
            ],
        )
        return gone.rowcount

    def book(self) -> CodeBook:
        """Every licensed list, in front of the shipped words."""
        licensed: dict[CodeList, dict[str, str]] = {}
        for row in self._connection.execute(sa.select(licensed_codes)):
            licensed.setdefault(CodeList(row.list), {})[row.code] = row.meaning
        return CodeBook(licensed)
