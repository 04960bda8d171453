"""A table of an import dialog while its columns are said: which heading is which field."""

from collections.abc import Mapping, Sequence


class TableColumns:
    """Attributes:
    name: of the file; "" while no table waits.
    mapping: field -> heading of the table.
    """

    def __init__(self, labels: Mapping[str, str], required: Sequence[str]) -> None:
        """`labels`: field -> what it is called here."""
        self._labels = labels
        self._required = required
        self.forget()

    def forget(self) -> None:
        self.name = ""
        self.data = b""
        self.headings: list[str] = []
        self.mapping: dict[str, str] = {}

    def take(self, name: str, data: bytes, headings: list[str], mapping: dict[str, str]) -> None:
        """A table, and what each column seems to be."""
        self.name, self.data, self.headings, self.mapping = name, data, headings, mapping

    def say(self, field: str, heading: str) -> None:
        """Says which column a field is; "" for none."""
        self.mapping.pop(field, None)
        if heading:
            self.mapping[field] = heading

    def use(self, mapping: Mapping[str, str]) -> None:
        """Takes a saved mapping as far as the table has its headings."""
        self.mapping = {field: heading for field, heading in mapping.items() if heading in self.headings}

    def missing(self) -> str:
        """Which required columns nobody has named yet; "" for none."""
        unsaid = [self._labels[field] for field in self._required if field not in self.mapping]
        return f"Say which column is: {', '.join(unsaid)}." if unsaid else ""
