"""Every change of a client dossier is one of these functions."""

from accounts.services.accounts import account_change, account_create, account_grade, account_status_change
from accounts.services.attachments import attachment_add, attachment_remove
from accounts.services.bulk import accounts_assign, assignment_undo
from accounts.services.contacts import contact_change, contact_create, contact_leave
from accounts.services.credit import credit_open, credit_request, credit_write
from accounts.services.grants import (
    account_assign,
    account_share,
    account_unshare,
    check_grants,
    grants_drop_ended,
    grants_follow_role,
    shares_tell_ending,
)
from accounts.services.parts import part_change, part_create, part_remove
from accounts.services.proposals import grade_request, handover_request
from accounts.services.shares import share_request

__all__ = [
    "account_assign",
    "account_change",
    "account_create",
    "account_grade",
    "account_share",
    "account_status_change",
    "account_unshare",
    "accounts_assign",
    "assignment_undo",
    "attachment_add",
    "attachment_remove",
    "check_grants",
    "contact_change",
    "contact_create",
    "contact_leave",
    "credit_open",
    "credit_request",
    "credit_write",
    "grade_request",
    "grants_drop_ended",
    "grants_follow_role",
    "handover_request",
    "part_change",
    "part_create",
    "part_remove",
    "share_request",
    "shares_tell_ending",
]
