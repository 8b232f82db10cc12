"""Pages on which something about a client is put up for decision."""

from datetime import date
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.credit import thawed
from accounts.forms.asking import CreditForm, GradeRequestForm, HandoverRequestForm, ShareForm
from accounts.models import Account
from accounts.services import credit_request, grade_request, handover_request, share_request
from kam.approvals.choices import RequestStatus
from kam.approvals.models import LIVE, Request
from kam.approvals.selectors import last_words
from kam.core.calendar import now, today
from kam.core.exceptions import Text
from kam.core.pages import FormPage
from kam.core.plain import read_key
from kam.people.signed_in import member_of

REVISABLE = (RequestStatus.RETURNED, RequestStatus.WITHDRAWN, RequestStatus.VOID)


class AskingPage(FormPage):
    """One form about one client. With `?request=` in the address an own request that came back is revised."""

    model = Account
    kind: ClassVar[str]
    template_name = "accounts/asking.html"
    submit_label = gettext_lazy("Submit for approval")
    revised: Request | None = None

    def asked(self, snapshot: dict[str, Any]) -> dict[str, Any]:
        """What was asked before, as the form's first values."""
        raise NotImplementedError

    def get_row(self) -> Any:
        row = super().get_row()
        self.revised = self._revised(row)
        return row

    def get(self, _request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; a request that is under way again is shown instead."""
        if self.revised is not None and self.revised.status not in REVISABLE:
            return redirect(self.revised)
        return super().get(_request, *args, **kwargs)

    def form_kwargs(self) -> dict[str, Any]:
        start = None
        if self.revised is not None:
            start = self.asked(self.revised.snapshot) | {
                "reason": self.revised.reason,
                "seen_revision": self.revised.revision,
            }
        return {"account": self.row, "user": member_of(self.request), "asked": start}

    def again(self, form: Any) -> dict[str, Any]:
        """What the service must know to submit the same request again."""
        if self.revised is None:
            return {}
        return {"resubmitted": self.revised, "seen_revision": form.cleaned_data["seen_revision"] or 0}

    def success_message(self, saved: Request) -> Text:
        return _("%(number)s is submitted.") % {"number": saved.number}

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(self.row.name, self.row.get_absolute_url())]

    def context(self) -> dict[str, Any]:
        return {
            "account": self.row,
            "returned": self.revised,
            "words": self._last_words(),
            "waiting": self._waiting(),
            "action": self.request.get_full_path(),
        }

    def _revised(self, account: Account) -> Request | None:
        asked = self.request.GET.get("request", "")
        if not asked:
            return None
        if (key := read_key(asked)) is None:
            raise Http404
        user = member_of(self.request)
        return get_object_or_404(
            Request.objects.visible_to(user).filter(requester=user),
            pk=key,
            kind=self.kind,
            account_id=account.pk,
        )

    def _last_words(self) -> str:
        if self.revised is None or self.revised.status != RequestStatus.RETURNED:
            return ""
        step = last_words([self.revised]).get(self.revised.pk)
        return step.comment if step else ""

    def _waiting(self) -> Request | None:
        """A live request that makes a second one impossible, told before anything is typed."""
        rows = Request.objects.visible_to(self.request.user).filter(kind=self.kind, status__in=LIVE)
        return rows.filter(live_key=str(self.row.pk)).first()


class CreditRequest(AskingPage):
    """Ask for a credit opening or change."""

    kind = "credit"
    action = "request_credit"
    title = gettext_lazy("Ask for credit")
    form_class = CreditForm

    def asked(self, snapshot: dict[str, Any]) -> dict[str, Any]:
        return {**vars(thawed(snapshot["asked"])), "attachments": [row["id"] for row in snapshot["documents"]]}

    def call(self, form: CreditForm) -> Request:
        return credit_request(
            account_pk=self.row.pk,
            actor=member_of(self.request),
            credit=form.credit(),
            reason=form.cleaned_data["reason"],
            attachment_pks=form.cleaned_data.get("attachments", []),
            now=now(),
            **self.again(form),
        )


class ShareRequest(AskingPage):
    """Ask to share a client with a colleague."""

    kind = "share"
    action = "share"
    title = gettext_lazy("Share this client")
    form_class = ShareForm

    def form_kwargs(self) -> dict[str, Any]:
        return super().form_kwargs() | {"on": today()}

    def asked(self, snapshot: dict[str, Any]) -> dict[str, Any]:
        asked = snapshot["asked"]
        return {
            "member": asked["member"],
            "permission": asked["permission"],
            "ends_on": date.fromisoformat(asked["ends_on"]),
        }

    def call(self, form: ShareForm) -> Request:
        data = form.cleaned_data
        return share_request(
            account_pk=self.row.pk,
            actor=member_of(self.request),
            member=data["member"],
            permission=data["permission"],
            ends_on=data["ends_on"],
            reason=data["reason"],
            now=now(),
            **self.again(form),
        )


class GradeRequest(AskingPage):
    """Ask for another grade; who may set it does not ask."""

    kind = "grade"
    action = "request_grade"
    title = gettext_lazy("Ask for another grade")
    form_class = GradeRequestForm

    def asked(self, snapshot: dict[str, Any]) -> dict[str, Any]:
        return {"grade": snapshot["asked"]["grade"]}

    def call(self, form: GradeRequestForm) -> Request:
        return grade_request(
            account_pk=self.row.pk,
            actor=member_of(self.request),
            grade=form.cleaned_data["grade"],
            reason=form.cleaned_data["reason"],
            now=now(),
            **self.again(form),
        )


class HandoverRequest(AskingPage):
    """Ask to hand the client over to a colleague."""

    kind = "handover"
    action = "request_handover"
    title = gettext_lazy("Ask to hand over")
    form_class = HandoverRequestForm

    def form_kwargs(self) -> dict[str, Any]:
        return super().form_kwargs() | {"on": today()}

    def asked(self, snapshot: dict[str, Any]) -> dict[str, Any]:
        return {"owner": snapshot["asked"]["member"]}

    def call(self, form: HandoverRequestForm) -> Request:
        return handover_request(
            account_pk=self.row.pk,
            actor=member_of(self.request),
            owner=form.cleaned_data["owner"],
            reason=form.cleaned_data["reason"],
            now=now(),
            **self.again(form),
        )
