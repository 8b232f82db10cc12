"""What is done with messages."""

from kam.outbox.services.notices import notice_mark_read, notices_mark_all_read
from kam.outbox.services.sending import File, message_send, sms_send

__all__ = ["File", "message_send", "notice_mark_read", "notices_mark_all_read", "sms_send"]
