"""Opening and changing a client."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.choices import GrantSource
from accounts.forms.account import AccountForm, AssignForm, GradeForm, NewAccountForm, StatusForm
from accounts.models import Account, AccountGrant
from accounts.services import account_assign, account_change, account_create, account_grade, account_status_change
from accounts.services.cleaning import clean_account
from kam.core.calendar import today
from kam.core.editing import Edited
from kam.core.exceptions import Text
from kam.core.pages import FormPage
from kam.core.words import listed
from kam.people.signed_in import member_of


def tell_edited(request: Any, row: Any, edited: Edited) -> None:
    """Say what was saved, and which fields others changed meanwhile and keep."""
    if edited.written:
        messages.success(request, _now("Saved: %(what)s.") % {"what": row})
    else:
        messages.info(request, _now("Nothing was changed."))
    if edited.kept_from_others:
        labels = listed(row._meta.get_field(name).verbose_name for name in edited.kept_from_others)
        messages.info(request, _now("Changed by somebody else meanwhile and kept: %(fields)s.") % {"fields": labels})


class AccountPage(FormPage):
    """A form about one client."""

    model: type[Model] = Account

    def crumbs(self) -> list[tuple[Text, str]]:
        above: list[tuple[Text, str]] = [(_("Clients"), reverse("accounts:account_list"))]
        return [*above, (self.row.name, self.row.get_absolute_url())] if self.row else above

    def form_kwargs(self) -> dict[str, Any]:
        return {"account": self.row}


class AccountCreate(AccountPage):
    """Open a client."""

    creates = True
    action = "add"
    form_class = NewAccountForm
    title = _("New client")
    submit_label = _("Create the client")

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": member_of(self.request), "on": today()}

    def call(self, form: Any) -> Account:
        return account_create(
            actor=member_of(self.request),
            data=form.values(),
            owner=form.cleaned_data.get("owner"),
            deputy=form.cleaned_data.get("deputy"),
            similar_are_others=form.cleaned_data["similar_are_others"],
        )

    def judge(self, form: Any) -> None:
        clean_account(form.values(), actor=member_of(self.request), similar_are_others=True)

    def success_message(self, saved: Account) -> Text:
        return _now("Opened: %(number)s %(name)s.") % {"number": saved.number, "name": saved.name}

    def cancel_url(self) -> str:
        return reverse("accounts:account_list")


class AccountEdit(AccountPage):
    """Change what a client is."""

    form_class = AccountForm
    edited: Edited

    def get_title(self) -> Text:
        return _now("Edit %(name)s") % {"name": self.row}

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": member_of(self.request), "instance": self.row}

    def call(self, form: Any) -> Account:
        account, self.edited = account_change(
            account_pk=self.row.pk,
            actor=member_of(self.request),
            data=form.values(),
            version=form.cleaned_data["version"],
            similar_are_others=form.cleaned_data["similar_are_others"],
        )
        return account

    def judge(self, form: Any) -> None:
        clean_account(form.values(), actor=member_of(self.request), account=self.row, similar_are_others=True)

    def tell(self, saved: Account) -> None:
        tell_edited(self.request, saved, self.edited)


class AccountAssign(AccountPage):
    """Give the client to somebody else."""

    action = "assign"
    form_class = AssignForm
    template_name = "accounts/assign_form.html"
    submit_label = _("Assign")

    def get_title(self) -> Text:
        return _now("Assign %(name)s") % {"name": self.row}

    def form_kwargs(self) -> dict[str, Any]:
        return {"account": self.row, "user": member_of(self.request), "on": today()}

    def context(self) -> dict[str, Any]:
        shares = AccountGrant.objects.visible_to(self.request.user).live(today())
        shares = shares.filter(content_object=self.row, source=GrantSource.SHARE).select_related("user")
        return {
            # A share that lets the colleague work on the client is two rows, one for each permission.
            "shares": list({share.user_id: share for share in shares}.values()),
            "unshare_url": reverse("accounts:account_unshare", args=[self.row.pk]),
        }

    def call(self, form: Any) -> Account:
        return account_assign(
            account_pk=self.row.pk,
            actor=member_of(self.request),
            owner=form.cleaned_data["owner"],
            deputy=form.cleaned_data["deputy"],
            reason=form.cleaned_data["reason"],
        )

    def success_message(self, saved: Account) -> Text:
        return _now("%(client)s is with %(owner)s now.") % {"client": saved, "owner": saved.owner}


class AccountGrade(AccountPage):
    """Set the grade."""

    action = "grade"
    form_class = GradeForm

    def get_title(self) -> Text:
        return _now("Grade of %(name)s") % {"name": self.row}

    def call(self, form: Any) -> Account:
        return account_grade(
            account_pk=self.row.pk,
            actor=member_of(self.request),
            grade=form.cleaned_data["grade"],
            reason=form.cleaned_data["reason"],
        )

    def success_message(self, saved: Account) -> Text:
        if not saved.grade:
            return _now("%(client)s is not graded any more.") % {"client": saved}
        return _now("%(client)s has grade %(grade)s now.") % {"client": saved, "grade": saved.grade}


class AccountStatusPage(AccountPage):
    """Move the relation on."""

    form_class = StatusForm

    def get_title(self) -> Text:
        return _now("Status of %(name)s") % {"name": self.row}

    def context(self) -> dict[str, Any]:
        return {"note": _now("Now: %(status)s") % {"status": self.row.get_status_display()}}

    def call(self, form: Any) -> Account:
        return account_status_change(
            account_pk=self.row.pk,
            actor=member_of(self.request),
            to=form.cleaned_data["to"],
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
        )

    def renewed(self, posted: QueryDict) -> QueryDict:
        renewed = posted.copy()
        renewed["seen"] = self.row.status
        return renewed

    def success_message(self, saved: Account) -> Text:
        return _now("%(client)s: %(status)s.") % {"client": saved, "status": saved.get_status_display()}
