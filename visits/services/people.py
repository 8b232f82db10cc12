"""Who was there, or is to be: judged against the client and the day, and named as they are called now."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, Contact
from kam.core.exceptions import Text
from kam.people.models import Member

NAMED_APART = "、"


def people_met(account: Account, keys: Collection[int], on: date | None) -> tuple[list[Contact], Text | None]:
    """The people of these keys, and what is wrong with them: of another client, or gone before that day."""
    found = list(Contact.objects.for_system().filter(pk__in=keys, account=account).order_by("-is_key", "pk"))
    if len(found) != len(set(keys)):
        return found, format_lazy(_("Only people of {client} can be chosen."), client=str(account))
    gone = [person for person in found if on and person.left_on and person.left_on <= on]
    if gone:
        return found, format_lazy(
            _("{name} left the client on {day}."), name=gone[0].name, day=f"{gone[0].left_on:%Y-%m-%d}"
        )
    return found, None


def companions(keys: Collection[int], visitor: Member, on: date) -> tuple[list[Member], Text | None]:
    """The members of these keys, and what is wrong with them: the visitor alone, or somebody who is not here."""
    found = list(Member.objects.for_system().present(on).filter(pk__in=keys).order_by("pk"))
    if len(found) != len(set(keys)):
        return found, _("Only members who work here can come along.")
    if visitor.pk in keys:
        return found, _("You are there anyway: name the others.")
    return found, None


def named(people: Iterable[Contact | Member], length: int) -> str:
    """Their names in one line of at most that length."""
    text = NAMED_APART.join(person.name if isinstance(person, Contact) else person.full_name for person in people)
    return text if len(text) <= length else text[: length - 1] + "…"
