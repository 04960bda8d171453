"""What `make deep` came to, from the report of pytest: a line for each long test, with the figures it recorded."""

import sys
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml import ElementTree


def line_of(case: Element) -> str:
    outcome = next((each.tag for each in case if each.tag in ("failure", "error", "skipped")), "passed")
    figures = "; ".join(f"{each.get('name')}: {each.get('value')}" for each in case.iter("property"))
    return (
        f"{outcome:8}{float(case.get('time', 0)):8.0f} s  {case.get('name')}{f' ({figures})' * bool(figures)}"
    )


def main() -> int:
    report = ElementTree.parse(Path(sys.argv[1])).getroot()
    cases = sorted(report.iter("testcase"), key=lambda case: -float(case.get("time", 0)))
    suite = next(report.iter("testsuite"))
    wall, work = float(suite.get("time", 0)) / 60, sum(float(case.get("time", 0)) for case in cases) / 60
    total = f"{len(cases)} long tests, {wall:.0f} minutes; one after the other they are {work:.0f}"
    sys.stdout.write("\n".join([*map(line_of, cases), total, ""]))
    return 0 if cases else 1


if __name__ == "__main__":
    raise SystemExit(main())
