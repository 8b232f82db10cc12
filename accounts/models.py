"""The client dossier: accounts, who may work on them, their people, papers and places."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase
from simple_history.models import HistoricalRecords

from accounts.choices import (
    AccountKind,
    AccountStatus,
    AddressKind,
    BirthdayCalendar,
    Consent,
    CreditRating,
    Gender,
    Grade,
    GrantSource,
    InvoiceKind,
    Stance,
    TermKind,
)
from kam.core.fields import AccountField, ActorField, MoneyField, ResponsibleField
from kam.core.history import OperationBase
from kam.core.scoping import ScopedManager, ScopedQuerySet
from kam.core.states import StateTable


class Account(models.Model):
    """A client (客户, A1). Limit, term, rating and grade change only through services that demand an approval."""

    number = models.CharField(_("client number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    name_key = models.CharField(max_length=120, db_index=True, editable=False)
    name_stem = models.CharField(max_length=120, db_index=True, editable=False, blank=True)
    """The name without its places: clients that share it may be one, and a person is asked."""
    kind = models.CharField(_("kind"), max_length=20, choices=AccountKind)
    status = models.CharField(_("status"), max_length=12, choices=AccountStatus, default=AccountStatus.PROSPECT)
    grade = models.CharField(_("grade"), max_length=1, choices=Grade, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    industry = models.CharField(_("industry"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)
    province = models.CharField(_("province"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=20, blank=True)
    county = models.CharField(_("county"), max_length=20, blank=True)
    parent = AccountField(null=True, blank=True, related_name="branches", verbose_name=_("parent group"))
    owner = ResponsibleField(null=True, blank=True, verbose_name=_("account manager"), related_name="accounts_owned")
    deputy = ResponsibleField(null=True, blank=True, verbose_name=_("deputy"), related_name="accounts_deputised")
    website = models.CharField(_("website"), max_length=120, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    customer_since = models.DateField(_("client since"), null=True, blank=True)

    invoice_kind = models.CharField(_("invoice"), max_length=10, choices=InvoiceKind, blank=True)
    invoice_title = models.CharField(_("invoice title"), max_length=120, blank=True)
    invoice_phone = models.CharField(_("invoice phone"), max_length=30, blank=True)
    invoice_address = models.CharField(_("invoice address"), max_length=200, blank=True)
    invoice_note = models.CharField(_("what the invoice must carry"), max_length=200, blank=True)

    credit_limit = MoneyField(_("credit limit"), default=0)
    term_kind = models.CharField(_("payment term"), max_length=10, choices=TermKind, default=TermKind.PREPAID)
    term_days = models.PositiveSmallIntegerField(_("term days"), default=0)
    credit_rating = models.CharField(_("credit rating"), max_length=3, choices=CreditRating, blank=True)
    monthly_purchase_amount = MoneyField(_("average purchases a month"), null=True, blank=True)
    credit_ends_on = models.DateField(_("credit valid until"), null=True, blank=True)

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase], excluded_fields=["name_key", "name_stem", "updated_at"])
    scope_client = "pk"
    STATES = StateTable(
        {
            AccountStatus.PROSPECT: frozenset({AccountStatus.ACTIVE, AccountStatus.ENDED}),
            AccountStatus.ACTIVE: frozenset({AccountStatus.PAUSED, AccountStatus.ENDED}),
            AccountStatus.PAUSED: frozenset({AccountStatus.ACTIVE, AccountStatus.ENDED}),
            AccountStatus.ENDED: frozenset({AccountStatus.ACTIVE}),
        }
    )

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["credit_code"], condition=~Q(credit_code=""), name="credit_code_unique"),
            models.CheckConstraint(condition=Q(credit_limit__gte=0), name="credit_limit_not_negative"),
        ]
        indexes = [
            models.Index(fields=["owner", "number"]),
            models.Index(fields=["grade", "number"]),
            models.Index(fields=["kind", "number"]),
            models.Index(fields=["status", "number"]),
            models.Index(fields=["city", "number"]),
            models.Index(fields=["name", "number"]),
            models.Index(fields=["-updated_at", "number"]),
            models.Index(fields=["-credit_limit", "number"]),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:account_detail", args=[self.pk])

    @property
    def territory(self) -> str:
        """Province, city and county as one text."""
        return "".join(part for part in (self.province, self.city, self.county) if part)


class AccountGrantQuerySet(ScopedQuerySet["AccountGrant"]):
    """Grants, and which of them are live."""

    def live(self, on: date) -> Self:
        """Grants that count on that day."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))

    def _client_column(self) -> str:
        return "content_object_id"


class AccountGrant(UserObjectPermissionBase):
    """Who may see or work which client: guardian's permission row, with why (`source`) and until when (`ends_on`)."""

    content_object = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="grants")
    source = models.CharField(_("why"), max_length=8, choices=GrantSource)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = ActorField(null=True, blank=True, verbose_name=_("granted by"))
    created_at = models.DateTimeField(_("granted at"), auto_now_add=True)

    objects = models.Manager.from_queryset(AccountGrantQuerySet)()  # type: ignore[misc, assignment]

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        unique_together = [["user", "permission", "content_object", "source"]]
        indexes = [models.Index(fields=["user", "permission", "content_object"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.content_object} · {self.get_source_display()}"


class Contact(models.Model):
    """A person at a client (A3). The birthday is kept as the person keeps it: solar or lunar, often without year."""

    account = AccountField(related_name="contacts", verbose_name=_("client"))
    name = models.CharField(_("name"), max_length=40)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    unit_name = models.CharField(_("unit"), max_length=60, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    landline = models.CharField(_("landline"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    wechat = models.CharField(_("WeChat"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    birthday_calendar = models.CharField(_("calendar"), max_length=5, choices=BirthdayCalendar, blank=True)
    birthday_year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    birthday_month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    birthday_day = models.PositiveSmallIntegerField(_("day"), null=True, blank=True)
    birthday_leap = models.BooleanField(_("leap month"), default=False)
    preferences = models.CharField(_("preferences"), max_length=200, blank=True)
    consent = models.CharField(_("consent to messages"), max_length=8, choices=Consent, default=Consent.UNASKED)
    stance = models.CharField(_("stance to us"), max_length=8, choices=Stance, default=Stance.UNKNOWN)
    is_key = models.BooleanField(_("key person"), default=False)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=1000)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase], excluded_fields=["updated_at"])

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["account_id", "-is_key", "pk"]
        indexes = [
            models.Index(fields=["mobile"]),
            models.Index(fields=["birthday_calendar", "birthday_month", "birthday_day"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:contact_edit", args=[self.account_id, self.pk])


class BankAccount(models.Model):
    """A client's bank account, for invoicing and for matching payments."""

    account = AccountField(related_name="bank_accounts", verbose_name=_("client"))
    bank_name = models.CharField(_("bank"), max_length=80)
    account_number = models.CharField(_("account number"), max_length=40)
    holder = models.CharField(_("holder"), max_length=120, blank=True)
    is_default = models.BooleanField(_("used on invoices"), default=False)

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase])

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["account_id", "-is_default", "pk"]
        indexes = [models.Index(fields=["account_number"])]

    def __str__(self) -> str:
        return f"{self.bank_name} {self.account_number}"


class Address(models.Model):
    """Where a client is met, delivered to, or sent invoices (A8)."""

    account = AccountField(related_name="addresses", verbose_name=_("client"))
    kind = models.CharField(_("used for"), max_length=10, choices=AddressKind)
    province = models.CharField(_("province"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=20, blank=True)
    line = models.CharField(_("address"), max_length=200)
    recipient = models.CharField(_("recipient"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase])

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["account_id", "kind", "pk"]

    def __str__(self) -> str:
        return self.line


class Warehouse(models.Model):
    """A client's warehouse (DC 仓库, A8), known by the code that orders and invoices must carry."""

    account = AccountField(related_name="warehouses", verbose_name=_("client"))
    code = models.CharField(_("warehouse code"), max_length=30)
    name = models.CharField(_("name"), max_length=80, blank=True)
    line = models.CharField(_("address"), max_length=200, blank=True)
    recipient = models.CharField(_("recipient"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)

    objects = ScopedManager()
    history = HistoricalRecords(bases=[OperationBase])

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        ordering = ["account_id", "code"]
        constraints = [models.UniqueConstraint(fields=["account", "code"], name="warehouse_code_unique_per_client")]

    def __str__(self) -> str:
        return self.code


def attachment_path(instance: "Attachment", _filename: str) -> str:
    """Where the bytes lie: a random name, so that nothing of the upload's own name reaches the disk."""
    return f"attachments/{uuid.uuid4().hex}"


class Attachment(models.Model):
    """A private file of a client: checked by its bytes, images re-encoded, served only through a permission check."""

    account = AccountField(related_name="attachments", verbose_name=_("client"))
    file = models.FileField(_("file"), upload_to=attachment_path, max_length=120)
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    note = models.CharField(_("note"), max_length=200, blank=True)
    uploaded_by = ActorField(verbose_name=_("uploaded by"))
    created_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = ActorField(null=True, blank=True, verbose_name=_("removed by"))

    objects = ScopedManager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:attachment_download", args=[self.account_id, self.pk])


class SearchTerm(models.Model):
    """One way in which a client is found: a suffix of its name, pinyin, initials, code or of a contact's phone.

    A prefix match on `term` finds any part of what was typed, on every database, by an ordinary index.
    """

    account = AccountField(related_name="search_terms", on_merge="drop", on_delete=models.CASCADE, db_index=False)
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="search_terms")
    term = models.CharField(max_length=40)

    objects = ScopedManager()

    class Meta:
        indexes = [
            models.Index(
                fields=["term", "account", "contact"],
                opclasses=["varchar_pattern_ops", "int8_ops", "int8_ops"],
                name="search_term_prefix",
            ),
            models.Index(
                fields=["account", "term"], opclasses=["int8_ops", "varchar_pattern_ops"], name="search_term_of_client"
            ),
        ]

    def __str__(self) -> str:
        return self.term
