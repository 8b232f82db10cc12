"""What is done with messages."""

from kam.outbox.services.acts import (
    channels_choose,
    may_give_up,
    may_resend,
    message_give_up,
    message_resend,
    messages_drop_old,
)
from kam.outbox.services.notices import notice_mark_read, notices_mark_all_read
from kam.outbox.services.reports import Report, reports_note
from kam.outbox.services.sending import File, message_send, sms_send

__all__ = [
    "File",
    "Report",
    "channels_choose",
    "may_give_up",
    "may_resend",
    "message_give_up",
    "message_resend",
    "message_send",
    "messages_drop_old",
    "notice_mark_read",
    "notices_mark_all_read",
    "reports_note",
    "sms_send",
]
