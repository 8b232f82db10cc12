"""What of a client needs a decision: its credit, its grade, who looks after it, and with whom it is shared."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.credit import (
    credit_of,
    documents_of,
    facts_of,
    frozen,
    limit_figure,
    limit_unit,
    limit_words,
    term_words,
    thawed,
)
from accounts.models import Account, AccountGrant, Attachment
from accounts.rules.credit import Credit
from accounts.services.accounts import account_grade
from accounts.services.credit import credit_write
from accounts.services.grants import account_assign, account_share
from accounts.services.proposals import GRADE, HANDOVER, grade_of, people_of
from kam.approvals.kinds import ApprovalKind, Ask, ChangedField, Document, Fact, OpenDocument, SameField, register
from kam.approvals.models import Request
from kam.approvals.rules import Step
from kam.core.locking import lock_row
from kam.core.money import format_money
from kam.core.templatetags.kam import day, short_day, wan
from kam.people.models import Member

DIRECTOR_UP_TO = Decimal(300_000)
"""Credit above this needs the executive as well (domain rules §5)."""


class AccountKind(ApprovalKind):
    """What these kinds have in common: they are about one client, and rest on what that client is."""

    def account(self, request: Request) -> Account:
        """The client that the request is about; read once for each request object."""
        if request.subject_read is None:
            rows = Account.objects.for_system().select_related("owner", "deputy", "parent")
            request.subject_read = rows.get(pk=request.account_id)
        account: Account = request.subject_read
        return account

    def lock_subject(self, request: Request) -> None:
        lock_row(Account, request.account_id or 0)

    def subject_url(self, request: Request) -> str:
        return reverse("accounts:account_detail", args=[request.account_id])

    def standing(self, request: Request, on: date) -> list[Fact]:
        account = self.account(request)
        people = " · ".join(str(person) for person in (account.owner, account.deputy) if person)
        limit = Fact(gettext_lazy("Credit limit"), wan(account.credit_limit), term_words(credit_of(account)))
        facts = [
            Fact(gettext_lazy("Relation"), account.get_status_display(), account.get_kind_display()),
            Fact(gettext_lazy("Grade"), account.grade or _("not graded")),
            limit,
            Fact(gettext_lazy("Account manager"), people or _("nobody")),
        ]
        if account.credit_ends_on:
            left = (account.credit_ends_on - on).days
            measure = _("%(days)s days left") % {"days": left} if left >= 0 else _("ended")
            facts.append(
                Fact(
                    gettext_lazy("Credit valid until"),
                    day(account.credit_ends_on),
                    measure,
                    "" if left > 30 else "warn",
                )
            )
        if account.customer_since:
            facts.append(Fact(gettext_lazy("Client since"), day(account.customer_since)))
        return facts


@register
class CreditKind(AccountKind):
    """Credit opening or change of a client (A7): limit, term, rating, average purchases, validity."""

    code = "credit"
    title = gettext_lazy("Credit of a client")
    number_prefix = "SX"
    default_steps = (Step("decision", "director"), Step("decision", "executive", DIRECTOR_UP_TO))
    carried_out_by = "finance"
    comment_example = gettext_lazy("For example: agreed, to be paid back by 20 January")
    then = gettext_lazy("Finance opens the credit and the requester is told")

    def live_snapshot(self, request: Request) -> dict[str, Any]:
        account = Account.objects.for_system().get(pk=request.account_id)
        chosen = [document["id"] for document in request.snapshot["documents"]]
        return {
            "asked": request.snapshot["asked"],
            "base": frozen(credit_of(account)),
            "facts": facts_of(account),
            "documents": documents_of(account.pk, chosen),
        }

    def title_of(self, request: Request) -> Any:
        return gettext_lazy("Credit change") if self._base(request).limit > 0 else gettext_lazy("Credit opening")

    def heading(self, request: Request) -> str:
        asked, base = self._asked(request), self._base(request)
        if base.limit == 0:
            return limit_words(asked.limit)
        if base.limit == asked.limit:
            return _("limit stays %(limit)s") % {"limit": limit_words(asked.limit)}
        return f"{limit_words(base.limit)} → {limit_words(asked.limit)}"

    def ask(self, request: Request) -> Ask:
        asked, base = self._asked(request), self._base(request)
        term = term_words(asked)
        if term == term_words(base):
            term = _("Payment term unchanged, %(term)s") % {"term": term}
        before, unit = limit_figure(base.limit) if base.limit else "", limit_unit(asked.limit)
        until = _("valid until %(day)s") % {"day": day(asked.ends_on)} if asked.ends_on else ""
        return Ask(
            label=gettext_lazy("Credit limit"),
            before=before if before and limit_unit(base.limit) == unit else limit_words(base.limit) if before else "",
            after=limit_figure(asked.limit),
            unit=unit,
            detail=_("; ").join(part for part in (term, until) if part),
            amount_before=base.limit or None,
        )

    def approve_label(self, request: Request) -> str:
        return _("Approve %(amount)s") % {"amount": limit_words(self._asked(request).limit)}

    def carry_out_label(self, request: Request) -> str:
        return _("Open credit of %(amount)s") % {"amount": limit_words(self._asked(request).limit)}

    def changes(self, request: Request) -> list[ChangedField]:
        rows = zip(_rows(self._base(request)), _rows(self._asked(request)), strict=True)
        is_opening = self._base(request).limit == 0
        return [
            ChangedField(label, "" if is_opening else before, after)
            for (label, before), (_label, after) in rows
            if before != after
        ]

    def unchanged(self, request: Request) -> list[SameField]:
        rows = zip(_rows(self._base(request)), _rows(self._asked(request)), strict=True)
        same = [SameField(label, after) for (label, before), (_label, after) in rows if before == after]
        return [*same, *(SameField(label, value) for label, value in _identity(self.account(request)))]

    def revise_url(self, request: Request) -> str:
        url = reverse("accounts:credit_request", args=[request.account_id])
        return f"{url}?request={request.pk}"

    def documents(self, request: Request) -> list[Document]:
        return [
            Document(
                name=row["name"],
                url=reverse("approvals:document", args=[request.pk, row["id"]]),
                kind=_file_kind(row["type"]),
                size=row["size"],
            )
            for row in request.snapshot["documents"]
        ]

    def open_document(self, request: Request, document_pk: int) -> OpenDocument | None:
        put_up = {row["id"]: row["sha256"] for row in request.snapshot["documents"]}
        row = Attachment.objects.for_system().filter(pk=document_pk, account_id=request.account_id).first()
        if row is None or put_up.get(row.pk) != row.sha256:
            return None
        return OpenDocument(row.name, row.content_type, row.file.open("rb"))

    def carry_out(self, request: Request, *, actor: Member) -> None:
        credit_write(request=request, actor=actor)

    def _asked(self, request: Request) -> Credit:
        return thawed(request.snapshot["asked"])

    def _base(self, request: Request) -> Credit:
        return thawed(request.snapshot["base"])


@register
class ShareKind(AccountKind):
    """Sharing a client with a colleague, to see or also to work on, until a day."""

    code = "share"
    title = gettext_lazy("Share of a client")
    number_prefix = "GX"
    default_steps = (Step("decision", "director"),)
    default_allows_bulk = True
    comment_example = gettext_lazy("For example: agreed for the time of the leave")
    then = gettext_lazy("The colleague sees the client at once, until the end date")

    def live_snapshot(self, request: Request) -> dict[str, Any]:
        account = Account.objects.for_system().get(pk=request.account_id)
        return {"asked": request.snapshot["asked"], "facts": facts_of(account)}

    def heading(self, request: Request) -> str:
        asked = request.snapshot["asked"]
        return _("with %(name)s until %(day)s") % {
            "name": asked["name"],
            "day": short_day(date.fromisoformat(asked["ends_on"])),
        }

    def ask(self, request: Request) -> Ask:
        asked = request.snapshot["asked"]
        return Ask(
            label=gettext_lazy("Share with"),
            before="",
            after=asked["name"],
            detail=_("%(permission)s; until %(day)s")
            % {"permission": _permission(asked["permission"]), "day": asked["ends_on"]},
        )

    def approve_label(self, request: Request) -> str:
        return _("Approve sharing with %(name)s") % {"name": request.snapshot["asked"]["name"]}

    def changes(self, request: Request) -> list[ChangedField]:
        asked = request.snapshot["asked"]
        present = self._present(asked["member"], request.account_id or 0)
        wanted = [
            (gettext_lazy("What the colleague may do"), _permission(asked["permission"])),
            (gettext_lazy("Until"), asked["ends_on"]),
        ]
        return [ChangedField(label, before, after) for (label, after), before in zip(wanted, present, strict=True)]

    def unchanged(self, request: Request) -> list[SameField]:
        return [SameField(label, value) for label, value in _identity(self.account(request))]

    def revise_url(self, request: Request) -> str:
        return f"{reverse('accounts:account_share', args=[request.account_id])}?request={request.pk}"

    def approved(self, request: Request, *, actor: Member, on_behalf_of: Member | None) -> None:
        asked = request.snapshot["asked"]
        account_share(
            account_pk=request.account_id or 0,
            member=Member.objects.for_system().get(pk=asked["member"]),
            permission=asked["permission"],
            ends_on=date.fromisoformat(asked["ends_on"]),
            actor=actor,
            on_behalf_of=on_behalf_of,
            request=request,
        )

    def _present(self, member_pk: int, account_pk: int) -> tuple[str, str]:
        """What the colleague may do today by a share, and until when; empty without one."""
        rows = AccountGrant.objects.for_system().filter(user_id=member_pk, content_object_id=account_pk, source="share")
        codes = {row.permission.codename: row.ends_on for row in rows.select_related("permission")}
        if not codes:
            return "", ""
        until = next(iter(codes.values()))
        return _permission("change" if "change_account" in codes else "view"), day(until)


@register
class GradeKind(AccountKind):
    """Another grade for a client. The director may also set one without being asked."""

    code = GRADE
    title = gettext_lazy("Grade of a client")
    number_prefix = "FJ"
    default_steps = (Step("decision", "director"),)
    default_allows_bulk = True
    comment_example = gettext_lazy("For example: agreed, purchases have doubled")
    then = gettext_lazy("The client has the grade at once")

    def live_snapshot(self, request: Request) -> dict[str, Any]:
        account = Account.objects.for_system().get(pk=request.account_id)
        return {"asked": request.snapshot["asked"], "base": grade_of(account), "facts": facts_of(account)}

    def heading(self, request: Request) -> str:
        before, after = _grades(request)
        return f"{before} → {after}" if before else _("grade %(grade)s") % {"grade": after}

    def ask(self, request: Request) -> Ask:
        before, after = _grades(request)
        return Ask(label=gettext_lazy("Grade"), before=before, after=after)

    def approve_label(self, request: Request) -> str:
        return _("Approve grade %(grade)s") % {"grade": request.snapshot["asked"]["grade"]}

    def changes(self, request: Request) -> list[ChangedField]:
        before, after = _grades(request)
        return [ChangedField(gettext_lazy("Grade"), before, after)]

    def unchanged(self, request: Request) -> list[SameField]:
        return [SameField(label, value) for label, value in _identity(self.account(request))]

    def revise_url(self, request: Request) -> str:
        return f"{reverse('accounts:grade_request', args=[request.account_id])}?request={request.pk}"

    def approved(self, request: Request, *, actor: Member, on_behalf_of: Member | None) -> None:
        account_grade(
            account_pk=request.account_id or 0,
            actor=actor,
            on_behalf_of=on_behalf_of,
            grade=request.snapshot["asked"]["grade"],
            request=request,
        )


@register
class HandoverKind(AccountKind):
    """Handing a client over to another account manager; the deputy stays, unless it is the deputy who takes over."""

    code = HANDOVER
    title = gettext_lazy("Hand-over of a client")
    number_prefix = "YJ"
    default_steps = (Step("decision", "director"),)
    default_allows_bulk = True
    comment_example = gettext_lazy("For example: agreed, visit the client together once")
    then = gettext_lazy("The client is the colleague's at once; the former account manager loses access")

    def live_snapshot(self, request: Request) -> dict[str, Any]:
        account = Account.objects.for_system().get(pk=request.account_id)
        return {"asked": request.snapshot["asked"], "base": people_of(account), "facts": facts_of(account)}

    def heading(self, request: Request) -> str:
        asked = request.snapshot["asked"]
        if not asked["from"]:
            return _("to %(name)s") % {"name": asked["name"]}
        return f"{asked['from']} → {asked['name']}"

    def ask(self, request: Request) -> Ask:
        asked = request.snapshot["asked"]
        return Ask(label=gettext_lazy("Account manager"), before=asked["from"], after=asked["name"])

    def approve_label(self, request: Request) -> str:
        return _("Hand over to %(name)s") % {"name": request.snapshot["asked"]["name"]}

    def changes(self, request: Request) -> list[ChangedField]:
        asked = request.snapshot["asked"]
        rows = [ChangedField(gettext_lazy("Account manager"), asked["from"], asked["name"])]
        if request.snapshot["base"]["deputy"] == asked["member"]:
            rows.append(ChangedField(gettext_lazy("Deputy"), asked["name"], _("nobody")))
        return rows

    def unchanged(self, request: Request) -> list[SameField]:
        return [SameField(label, value) for label, value in _identity(self.account(request))]

    def revise_url(self, request: Request) -> str:
        return f"{reverse('accounts:handover_request', args=[request.account_id])}?request={request.pk}"

    def approved(self, request: Request, *, actor: Member, on_behalf_of: Member | None) -> None:
        account = Account.objects.for_system().select_related("deputy").get(pk=request.account_id)
        owner = Member.objects.for_system().get(pk=request.snapshot["asked"]["member"])
        account_assign(
            account_pk=account.pk,
            owner=owner,
            deputy=None if account.deputy_id == owner.pk else account.deputy,
            actor=actor,
            on_behalf_of=on_behalf_of,
            request=request,
        )


def _grades(request: Request) -> tuple[str, str]:
    """The grade before, empty when there was none, and the one that is asked for."""
    return request.snapshot["base"]["grade"], request.snapshot["asked"]["grade"]


def _permission(code: str) -> str:
    return _("see and work on the client") if code == "change" else _("see the client")


def _rows(credit: Credit) -> list[tuple[Any, str]]:
    return [
        (gettext_lazy("Credit limit"), format_money(credit.limit)),
        (gettext_lazy("Payment term"), term_words(credit)),
        (gettext_lazy("Credit rating"), credit.rating),
        (gettext_lazy("Average purchases a month"), format_money(credit.monthly) if credit.monthly is not None else ""),
        (gettext_lazy("Valid until"), day(credit.ends_on)),
    ]


def _identity(account: Account) -> list[tuple[Any, str]]:
    return [
        (gettext_lazy("Client number"), account.number),
        (gettext_lazy("Name"), account.name),
        (gettext_lazy("Unified social credit code"), account.credit_code or "—"),
        (gettext_lazy("Kind"), str(account.get_kind_display())),
        (gettext_lazy("Parent group"), str(account.parent) if account.parent else "—"),
    ]


def _file_kind(content_type: str) -> str:
    if content_type.startswith("image/"):
        return "image"
    if content_type == "application/pdf":
        return "pdf"
    return "sheet" if "sheet" in content_type or "excel" in content_type or content_type == "text/csv" else "other"
