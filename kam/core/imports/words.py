"""Words over columns that the department adds to those that the registers know themselves."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import ChangedMeanwhile, DomainError, NotAllowed
from kam.core.imports.models import LONGEST_WORD, HeaderWord
from kam.core.imports.plan import kind_of, kinds
from kam.core.locking import lock_row
from kam.core.scoping import Reach, reach
from kam.core.workbooks.headers import Column, OwnWords, Register, header_key, meanings


def own_words() -> OwnWords:
    """The words in force, by register and column key."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    in_force = HeaderWord.objects.for_system().filter(removed_at=None)
    for register, column, word in in_force.values_list("register", "column", "word"):
        found[register, column].append(word)
    return found


def nameable_columns(register: Register) -> list[Column]:
    """The columns for which a word can be added: those that carry something."""
    return [column for column in register.columns if column.key not in register.passed_over]


@transaction.atomic
def header_word_add(*, register: str, column: str, word: str, actor: Any) -> HeaderWord:
    """Let `word` mean a column of a register from now on. Raises `DomainError` when it means one already."""
    _must_be_allowed(actor, "add")
    kind = kind_of(register)
    if kind is None or column not in {each.key for each in nameable_columns(kind.register)}:
        raise DomainError(_("There is no such column."), field="column")
    word = " ".join(word.split())
    key = header_key(word)
    if not key:
        raise DomainError(_("Write the word as it stands over the column."), field="word")
    if len(word) > LONGEST_WORD:
        raise DomainError(format_lazy(_("At most {limit} characters."), limit=LONGEST_WORD), field="word")
    taken = meanings(kind.register, own_words()).get(key)
    if taken is not None:
        title = kind.register.column(taken).title
        raise DomainError(format_lazy(_("“{word}” is known already: {title}."), word=word, title=title), field="word")
    try:
        with transaction.atomic():
            return HeaderWord.objects.create(register=register, column=column, word=word, key=key, added_by=actor)
    except IntegrityError as error:
        raise DomainError(_("Somebody has just added this word."), field="word") from error


@transaction.atomic
def header_word_remove(*, word_pk: int, actor: Any, now: datetime) -> HeaderWord:
    """Let the word mean nothing from now on; imports that were judged with it stay as they are."""
    _must_be_allowed(actor, "change")
    row = lock_row(HeaderWord, word_pk)
    if row.removed_at is not None:
        raise ChangedMeanwhile(_("Somebody has removed this word already."))
    row.removed_by, row.removed_at = actor, now
    row.save(update_fields=["removed_by", "removed_at"])
    return row


def column_title(row: HeaderWord) -> str:
    """Register and column of a word, as the department calls them."""
    titles = {
        (kind.register.code, column.key): f"{kind.register.title} · {column.title}"
        for kind in kinds()
        for column in kind.register.columns
    }
    return titles.get((row.register, row.column), f"{row.register} · {row.column}")


def _must_be_allowed(actor: Any, action: str) -> None:
    if reach(actor, HeaderWord, action) is Reach.NONE:
        raise NotAllowed(_("Your role may not do this."))
