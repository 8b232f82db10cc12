"""The slow job: notes that it began, waits until it may go on, notes that it ended."""

import time
from pathlib import Path

from django.conf import settings

from kam.jobs.registry import Counts, Occasion, job

DIARY, MAY_END = Path(settings.VAR_DIR) / "diary", Path(settings.VAR_DIR) / "may-end"


@job("test.slow", title="Slow", done="%(n)s", period="month", queue="long")
def slow(_occasion: Occasion) -> Counts:
    """Waits for a minute at most."""
    note("began")
    for _look in range(600):
        if MAY_END.exists():
            break
        time.sleep(0.1)
    note("ended")
    return {"n": 1}


def note(word: str) -> None:
    """One line more in the diary."""
    with DIARY.open("a") as stream:
        stream.write(f"{word}\n")
