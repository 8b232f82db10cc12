"""Pages of messages: one message and what can be done about it, and a member's own channels."""

from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kam.core.calendar import now
from kam.core.exceptions import Text
from kam.core.pages import ActPage
from kam.core.scoping import allowed
from kam.outbox.choices import Delivery, MessageState
from kam.outbox.lists import DELIVERY_TONES, TONES, reason
from kam.outbox.models import Message
from kam.outbox.selectors import acts_on, channel_choices, file_names
from kam.outbox.services import channels_choose, may_give_up, may_resend, message_give_up, message_resend
from kam.people.signed_in import member_of
from kam.people.views.pages import in_scope, must_have


@require_GET
def message_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One message: text, way, what became of it, and the acts on it."""
    must_have(request, Message, "view")
    message = in_scope(request, Message, pk)
    user = member_of(request)
    may_change = allowed(user, message, "change")
    clients = apps.get_model("accounts.account")._default_manager.visible_to(user)
    context = {
        "title": message.kind_title,
        "message": message,
        "tone": TONES.get(MessageState(message.state), "idle"),
        "delivery_tone": DELIVERY_TONES.get(Delivery(message.delivery), "idle"),
        "reason": reason({"skip_reason": message.skip_reason, "error": message.error}),
        "client": clients.filter(pk=message.account_id).first(),
        "files": file_names(message),
        "acts": acts_on(message),
        "may_resend": may_change and may_resend(message),
        "may_give_up": may_change and may_give_up(message),
        "back_url": reverse("outbox:message_list"),
    }
    return render(request, "outbox/message.html", context)


class _Act(ActPage):
    """An act on a message that the person saw in the state `seen`."""

    model = Message

    def success_url(self) -> str:
        return self.row.get_absolute_url()

    @property
    def seen(self) -> str:
        """The state that stood on the page."""
        return self.request.POST.get("seen", "")


class Resend(_Act):
    """Send it once more."""

    def act(self) -> Text:
        message_resend(message_pk=self.row.pk, seen=self.seen, actor=member_of(self.request), at=now())
        return _("It is sent again within a minute.")


class GiveUp(_Act):
    """Let it be."""

    def act(self) -> Text:
        message_give_up(message_pk=self.row.pk, seen=self.seen, actor=member_of(self.request), at=now())
        return _("It is not sent any more.")


@require_http_methods(["GET", "POST"])
def channels(request: HttpRequest) -> HttpResponse:
    """Which messages a member gets by mail and SMS, beyond what the department requires."""
    member = member_of(request)
    if request.method == "POST":
        ticked = [value.partition("|") for value in request.POST.getlist("on")]
        channels_choose(actor=member, wanted={(kind, channel) for kind, _bar, channel in ticked})
        messages.success(request, _("Saved."))
        return redirect("outbox:channels")
    context = {
        "title": _("My messages"),
        "choices": channel_choices(member),
        "member": member,
        "back_url": reverse("people:profile"),
    }
    return render(request, "outbox/channels.html", context)
