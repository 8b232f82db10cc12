"""Icons: what templates draw is in the list from which the sprite is made."""

import re
from pathlib import Path

from django.conf import settings

from kam.core.markup import TONE_ICONS

ROOT = Path(settings.BASE_DIR)
DRAWN = re.compile(r"""\{% icon (["'])([a-z0-9-]+)\1|icon=(["'])([a-z0-9-]+)\3""")


def test_every_icon_of_a_template_is_in_the_list() -> None:
    listed = set((ROOT / "static" / "icons.txt").read_text(encoding="utf-8").split())
    missing = {
        f"{template.relative_to(ROOT)}: {found[2] or found[4]}"
        for template in (ROOT / "templates").rglob("*.html")
        for found in DRAWN.finditer(template.read_text(encoding="utf-8"))
        if (found[2] or found[4]) not in listed
    }
    assert not missing
    assert set(TONE_ICONS.values()) <= listed
