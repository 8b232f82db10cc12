"""What is posted where an empty form would say nothing: data with which whoever may act succeeds."""

from collections.abc import Callable
from typing import Any

from tests.support.requests import waiting_step

Data = dict[str, Any]


def _decision(things: Data) -> Data:
    request = things["request"]
    return {"step": waiting_step(request).pk, "revision": request.revision, "decision": "approve", "comment": "同意"}


def _revision(things: Data) -> Data:
    return {"revision": things["request"].revision}


def _uncertain(_things: Data) -> Data:
    return {"seen": "uncertain"}


POSTS: dict[str, Callable[[Data], Data]] = {
    "approvals:request_decide": _decision,
    "approvals:request_withdraw": _revision,
    "approvals:request_carry_out": _revision,
    "outbox:message_resend": _uncertain,
    "outbox:message_give_up": _uncertain,
    "admin:approvals_request_decide": _decision,
    "admin:approvals_request_carry_out": _revision,
}


def data_for(name: str, things: Data) -> Data:
    """The form for this address, about these things."""
    return POSTS[name](things) if name in POSTS else {}
