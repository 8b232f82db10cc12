"""What an installation has to set before messages leave it, said at every start."""

from typing import Any

from django.core import checks

from kam.core.exceptions import Text
from kam.outbox.channels import sender_of
from kam.outbox.choices import Channel


def what_is_missing() -> dict[str, list[Text]]:
    """For each channel that cannot send, what has to be set, in sentences."""
    found = {channel: sender_of(channel).missing() for channel in (Channel.EMAIL, Channel.SMS)}
    return {channel: missing for channel, missing in found.items() if missing}


@checks.register()
def channels_are_set_up(**_kwargs: Any) -> list[checks.CheckMessage]:
    """A channel that is not set up keeps its messages waiting: better said before they are missed."""
    return [
        checks.Warning(str(sentence), hint="docs/messages.md", id=f"outbox.W_{channel}")
        for channel, missing in what_is_missing().items()
        for sentence in missing
    ]
