"""The cases of tests/fail_closed, and the same put to a script as tutorials show it: how many end as they must.

    python benchmarks/fail_closed/compare.py      # prints a Markdown table; about 3 minutes

Ours is measured by running those tests. The tutorial's gate is the exit code of its script, or of `dvc repro` where DVC
has a part in the case. A repaired case counts as right: the tutorial's pipeline measures again what somebody edited.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent)]


def ours(place: Path) -> dict[str, bool]:
    """Test to whether it ended as it must."""
    report = place / "tests.xml"
    command = ["pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile", "tests/fail_closed"]
    subprocess.run([sys.executable, "-m", *command, f"--junitxml={report}"], cwd=ROOT, capture_output=True, check=False)
    ended: dict[str, bool] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.attrib["name"]
        if name.startswith("test_a_fault_blocks_and_is_named["):
            key = name.partition("[")[2].rstrip("]")
        else:
            key = name.removeprefix("test_").partition("[")[0]
        right = case.find("failure") is None and case.find("error") is None
        ended[key] = ended.get(key, True) and right
    return ended


def main() -> None:
    """Run everything and print the table."""
    import more_cases  # noqa: F401 - registers its cases
    from cases import FAULTS, ROWS
    from toy import Toy

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        assert Toy.make(place / "good").check() == 0, "the tutorial's project passes before it is damaged"
        theirs = {}
        for name, case in (ROWS | FAULTS).items():
            theirs[name] = case(Toy.make(place / name))
            print(f"{name}: {theirs[name]}", file=sys.stderr)
        mine = ours(place)
    words = {
        "blocked": "as it must",
        "crashed": "as it must (by an exception)",
        "repaired": "as it must (measured again)",
        "wrong": "**not**",
    }
    print("| case | a tutorial's script | this pipeline |\n|---|---|---|")
    for name, end in theirs.items():
        print(f"| {name.replace('_', ' ')} | {words[end]} | {'as it must' if mine[name] else '**not**'} |")
    for title, cases in (("silent passes", ROWS), ("injected faults that both can meet", FAULTS)):
        ends = Counter(theirs[name] != "wrong" for name in cases)
        print(f"| **{title}: end as they must** | **{ends[True]} of {len(cases)}** "
              f"| **{sum(mine[name] for name in cases)} of {len(cases)}** |")  # fmt: skip
    other = [right for name, right in mine.items() if name not in theirs and "-" in name]
    print(f"\nFaults that the tutorial has nothing like: {sum(other)} of {len(other)} end as they must here.")


if __name__ == "__main__":
    main()
