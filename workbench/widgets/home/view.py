"""Home."""

from collections.abc import Mapping

from workbench.widgets.kit.facts import Fact, Facts
from workbench.widgets.kit.panel import section
from workbench.widgets.kit.shell import Shell


class HomeScreen:
    def __init__(self, desk: object, shell: Shell) -> None:
        self.desk, self.shell = desk, shell
        self.facts = Facts()
        self.widget = section("Work lists", self.facts)

    def enter(self, params: Mapping[str, str]) -> str:
        del params
        self.facts.show([Fact("New Deposits", "0", ["none yet"])])
        return "Home"
