"""Every change to requests and policies."""

from kam.approvals.services.decisions import request_carry_out, request_decide
from kam.approvals.services.policies import PolicyStepData, policies_ensure, policy_change
from kam.approvals.services.reminders import requests_remind
from kam.approvals.services.submissions import (
    request_resubmit,
    request_submit,
    request_void,
    request_withdraw,
    requests_recheck,
)

__all__ = [
    "PolicyStepData",
    "policies_ensure",
    "policy_change",
    "request_carry_out",
    "request_decide",
    "request_resubmit",
    "request_submit",
    "request_void",
    "request_withdraw",
    "requests_recheck",
    "requests_remind",
]
