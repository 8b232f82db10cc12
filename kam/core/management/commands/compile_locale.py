"""`compile_locale`: the message catalogues that pages read, built from the .po files without gettext's programs."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand

LANGUAGE = "zh_Hans"
HEADER = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": LANGUAGE,
    "Plural-Forms": "nplurals=1; plural=0;",
}

Key = tuple[str | None, str]


def sources(locale: Path) -> list[Path]:
    """The .po files of one locale folder: one per area under parts/, and the whole one beside the compiled file."""
    whole = locale / LANGUAGE / "LC_MESSAGES" / "django.po"
    return [*sorted((locale / "parts").glob("*.po")), *([whole] if whole.exists() else [])]


def merge(files: Iterable[Path]) -> polib.POFile:
    """One catalogue from many files; of two translations of one message the first counts (`make check` names both)."""
    merged, known = polib.POFile(wrapwidth=0), set[Key]()
    merged.metadata = dict(HEADER)
    for file in files:
        for entry in polib.pofile(str(file), encoding="utf-8"):
            if entry.obsolete or entry.fuzzy or not entry.translated():
                continue
            key = (entry.msgctxt, entry.msgid)
            if key not in known:
                known.add(key)
                merged.append(entry)
    return merged


class Command(BaseCommand):
    """Compiles the product's own messages and those of packages that have no Chinese."""

    help = "Compile locale/parts/*.po and locale/**/django.po into the .mo files that pages read."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Write one django.mo for each folder of LOCALE_PATHS."""
        for folder in settings.LOCALE_PATHS:
            locale = Path(folder)
            catalogue = merge(sources(locale))
            target = locale / LANGUAGE / "LC_MESSAGES" / "django.mo"
            target.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save_as_mofile(str(target))
            self.stdout.write(f"{len(catalogue)} messages in {target}")
