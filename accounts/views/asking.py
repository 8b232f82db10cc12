"""Pages on which something about a client is put up for decision."""

from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from accounts.credit import thawed
from accounts.forms.asking import AskingForm, CreditForm, ShareForm
from accounts.models import Account
from accounts.services import credit_request, share_request
from kam.approvals.choices import RequestStatus
from kam.approvals.models import Request
from kam.approvals.selectors import last_words
from kam.core.calendar import now, today
from kam.core.exceptions import DomainError, NotAllowed
from kam.core.scoping import allowed
from kam.people.signed_in import member_of

REVISABLE = (RequestStatus.RETURNED, RequestStatus.WITHDRAWN, RequestStatus.VOID)


class AskingPage(LoginRequiredMixin, View):
    """One form about one client. With `?request=` in the address an own request that came back is revised."""

    kind: ClassVar[str]
    action: ClassVar[str]
    title: ClassVar[Any]
    account: Account
    revised: Request | None = None

    def form(self, data: Any = None) -> Any:
        """The form, bound when `data` is given."""
        raise NotImplementedError

    def submit(self, form: Any) -> Request:
        """Call the service."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The client in sight, else 404; in sight but not to be asked about, 403 with the reason."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.member = member_of(request)
        self.account = get_object_or_404(Account.objects.visible_to(self.member), pk=kwargs.pop("pk"))
        if not allowed(self.member, self.account, self.action):
            raise NotAllowed(_("You may see this client but not do this. Ask the account manager or the director."))
        self.revised = self._revised(request.GET.get("request", ""))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.revised is not None and self.revised.status not in REVISABLE:
            return redirect(self.revised)
        return self.page(request, self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        if form.is_valid():
            try:
                submitted = self.submit(form)
            except NotAllowed:
                raise
            except DomainError as error:
                form.show_error(error)
            else:
                messages.success(request, _("%(number)s is submitted.") % {"number": submitted.number})
                return redirect(submitted)
        return self.page(request, form)

    def page(self, request: HttpRequest, form: AskingForm) -> HttpResponse:
        """The page with the form as it stands; what was typed is never lost."""
        context = {
            "account": self.account,
            "title": self.title,
            "form": form,
            "action": request.get_full_path(),
            "back_url": self.account.get_absolute_url(),
            "returned": self.revised,
            "words": self._last_words(),
            "waiting": self._waiting(),
        }
        return render(request, "accounts/asking.html", context, status=422 if form.errors else 200)

    def _revised(self, asked: str) -> Request | None:
        if not asked:
            return None
        if not asked.isdecimal() or len(asked) > 18:
            raise Http404
        return get_object_or_404(
            Request.objects.visible_to(self.member).filter(requester=self.member),
            pk=int(asked),
            kind=self.kind,
            account_id=self.account.pk,
        )

    def _last_words(self) -> str:
        if self.revised is None or self.revised.status != RequestStatus.RETURNED:
            return ""
        step = last_words([self.revised]).get(self.revised.pk)
        return step.comment if step else ""

    def _waiting(self) -> Request | None:
        """A live request that makes a second one impossible, told before anything is typed."""
        rows = Request.objects.visible_to(self.member).filter(live_key=str(self.account.pk), kind=self.kind)
        return rows.filter(status__in=[RequestStatus.PENDING, RequestStatus.APPROVED]).first()

    def again(self, form: AskingForm) -> dict[str, Any]:
        """What the service must know to submit the same request again."""
        if self.revised is None:
            return {}
        return {"resubmitted": self.revised, "seen_revision": form.cleaned_data["seen_revision"] or 0}


class CreditRequest(AskingPage):
    """Ask for a credit opening or change."""

    kind = "credit"
    action = "request_credit"
    title = gettext_lazy("Ask for credit")

    def form(self, data: Any = None) -> CreditForm:
        return CreditForm(data, account=self.account, user=self.member, asked=self._asked())

    def submit(self, form: CreditForm) -> Request:
        return credit_request(
            account_pk=self.account.pk,
            actor=self.member,
            credit=form.credit(),
            reason=form.cleaned_data["reason"],
            attachment_pks=form.cleaned_data.get("attachments", []),
            now=now(),
            **self.again(form),
        )

    def _asked(self) -> dict[str, Any] | None:
        if self.revised is None:
            return None
        snapshot = self.revised.snapshot
        return {
            **vars(thawed(snapshot["asked"])),
            "reason": self.revised.reason,
            "attachments": [row["id"] for row in snapshot["documents"]],
            "seen_revision": self.revised.revision,
        }


class ShareRequest(AskingPage):
    """Ask to share a client with a colleague."""

    kind = "share"
    action = "share"
    title = gettext_lazy("Share this client")

    def form(self, data: Any = None) -> ShareForm:
        return ShareForm(data, account=self.account, user=self.member, on=today(), asked=self._asked())

    def submit(self, form: ShareForm) -> Request:
        data = form.cleaned_data
        return share_request(
            account_pk=self.account.pk,
            actor=self.member,
            member=data["member"],
            permission=data["permission"],
            ends_on=data["ends_on"],
            reason=data["reason"],
            now=now(),
            **self.again(form),
        )

    def _asked(self) -> dict[str, Any] | None:
        if self.revised is None:
            return None
        asked = self.revised.snapshot["asked"]
        return {
            "member": asked["member"],
            "permission": asked["permission"],
            "ends_on": date.fromisoformat(asked["ends_on"]),
            "reason": self.revised.reason,
            "seen_revision": self.revised.revision,
        }
