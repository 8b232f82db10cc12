"""The matrix as data.

One line for each address and method. After the keys of the address (`client`, `contact`, … of the column's client; any
other word as it stands; `-` none) come the answers, in the order of `world.VIEWERS`:

    anon  director clerk  | manager: own work look ended none |  executive finance legal partner

`in` sent to sign in · `no` sent to the panel's door, which refuses with words · else the status code. Whatever is
denied (`in`, `no`, 403, 404, 405) must have changed nothing, and so must every GET; a 404 must read exactly like the
one for a key that does not exist. A method without a line of its own is one that the address does not know: 405 for
everybody who is signed in.
"""

from dataclasses import dataclass
from pathlib import Path

from tests.matrix.world import VIEWERS

FOLDER = Path(__file__).parent / "rows"


@dataclass(frozen=True)
class Line:
    """One address and method with its answers by column."""

    name: str
    method: str
    keys: tuple[str, ...]
    answers: tuple[str, ...]

    @property
    def label(self) -> str:
        """How the test is called."""
        return f"{self.method} {self.name}"


def lines() -> list[Line]:
    """Every line of every file in `rows/`."""
    found = []
    for file in sorted(FOLDER.glob("*.txt")):
        for text in file.read_text(encoding="utf-8").splitlines():
            if text.strip() and not text.startswith("#"):
                name, method, keys, *answers = text.replace("|", " ").split()
                found.append(Line(name, method, () if keys == "-" else tuple(keys.split("/")), tuple(answers)))
    return found


def whole() -> list[Line]:
    """Every line, and for each address the methods that it must refuse."""
    written = lines()
    known = {(line.name, line.method) for line in written}
    by_name = {line.name: line for line in written}
    refused = [
        Line(name, method, line.keys, ("in", *["405"] * (len(VIEWERS) - 1)))
        for name, line in by_name.items()
        for method in ("GET", "POST")
        if (name, method) not in known
    ]
    return sorted([*written, *refused], key=lambda line: (line.name, line.method))
