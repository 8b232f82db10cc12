"""What the services of the dossier ask before they change anything."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from kam.core.exceptions import NotAllowed
from kam.core.locking import lock_row
from kam.core.scoping import allowed


def lock_account(account_pk: int, actor: Any, action: str) -> Account:
    """Lock the client and make sure that `actor` sees it and may do `action`; `None` is the system.

    Raises `Account.DoesNotExist` for a client out of sight, as if there were none, `NotAllowed` for one in sight.
    """
    account = lock_row(Account, account_pk)
    must_be_allowed(account, actor, action)
    return account


def must_be_allowed(row: models.Model, actor: Any, action: str) -> None:
    """Out of sight is nonexistent; in sight but not permitted is refused with the reason."""
    if actor is None or allowed(actor, row, action):
        return
    if not allowed(actor, row, "view"):
        raise type(row).DoesNotExist  # type: ignore[attr-defined]
    raise NotAllowed(_("You may see this client but not do this. Ask the account manager or the director."))
