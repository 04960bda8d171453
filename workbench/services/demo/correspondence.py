"""All 835 files of the synthetic office, in the order of their arrival."""

from workbench.services.demo.mailroom import DemoFile, Mailroom
from workbench.services.demo.stories_of_history import history_files
from workbench.services.demo.stories_of_money import money_files, unwanted_files
from workbench.services.demo.stories_of_trouble import trouble_files
from workbench.services.demo.stories_ordinary import large_file, ordinary_files, true_twins, twice_sent


def correspondence(room: Mailroom) -> list[DemoFile]:
    """The files; 33 payments in them. The large one takes its claims last, so that all others find theirs."""
    files = [
        *ordinary_files(room),
        *twice_sent(room),
        true_twins(room),
        *money_files(room),
        *unwanted_files(room),
        *trouble_files(room),
        *history_files(room),
        large_file(room),
    ]
    return sorted(files, key=lambda file: file.day)
