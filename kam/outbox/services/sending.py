"""Writing messages down, with the change that causes them, in its transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from django.utils.functional import Promise

from kam.outbox.choices import Channel, MessageState, SkipReason
from kam.outbox.kinds import MessageKind, must_be_declared
from kam.outbox.models import TEXT_LENGTH, ChannelOff, Message, MessageFile, Notice
from kam.outbox.rules import next_sms_time, signed, sms_parts
from kam.outbox.waking import wake
from kam.outbox.zone import ZONE
from kam.people.models import Member

CHINESE, ENGLISH = "zh-hans", "en"


@dataclass(frozen=True)
class File:
    """A file that goes with the e-mail."""

    name: str
    content_type: str
    content: bytes


def message_send(
    *,
    kind: MessageKind,
    recipient: Member,
    key: str,
    text: Promise,
    at: datetime,
    params: Mapping[str, Any] | None = None,
    lines: Iterable[Promise | str] = (),
    url: str = "",
    account_id: int | None = None,
    subject: models.Model | None = None,
    attachments: Sequence[File] = (),
) -> bool:
    """Tell a member something on every channel of its kind, inside the caller's transaction.

    `key` names the event: the same key a second time has no effect for that member, whatever the rest says. `text` is
    a lazy translation with named places (`_("%(who)s shared %(client)s")`); `params` fills them and may hold lazy
    values itself. Formatting before the call would freeze one language, therefore plain text is refused. `lines` and
    `attachments` go with the e-mail alone; `url` is a path of the product. `at` is the moment of the event.

    The notice is shown only while the recipient sees the client `account_id`, or the `subject`, which is given instead
    for a thing put before people who do not see the client (a request for decision).

    Returns whether anything new was written: whoever has left is told nothing. Raises `TypeError` for plain text,
    `ValueError` for a kind nobody declares and a place of the text that `params` does not fill.
    """
    must_be_declared(kind)
    if not isinstance(text, Promise):
        raise TypeError("A message is given as a lazy translation, so that it can be kept in both languages.")
    _must_be_in_transaction()
    if not recipient.is_active or _told(kind, recipient, key):
        return False
    texts = {language: _rendered(text, params, language) for language in (CHINESE, ENGLISH)}
    shared: dict[str, Any] = {
        "kind": kind.code,
        "key": key,
        "recipient": recipient,
        "url": url,
        "account_id": account_id,
        "created_at": at,
    }
    if Channel.IN_APP in kind.channels:
        notice = Notice(**shared, text_zh=_short(texts[CHINESE]), text_en=_short(texts[ENGLISH]))
        _write_notice(notice, subject)
    if kind.outward:
        language = ENGLISH if recipient.language.startswith(ENGLISH) else CHINESE
        row = Message(
            **shared,
            name=recipient.full_name,
            language=language,
            text=texts[language],
            body=_joined(lines, language),
            once=kind.once,
            send_after=at,
        )
        _write_to_member(row, kind, recipient, attachments)
    return True


def sms_send(
    *,
    kind: MessageKind,
    key: str,
    name: str,
    phone: str,
    text: str,
    consent: bool,
    opted_out: bool,
    at: datetime,
    account_id: int | None = None,
    contact_id: int | None = None,
    expires_at: datetime | None = None,
) -> Message:
    """Write an SMS to somebody at a client, inside the caller's transaction; the same key a second time has no effect.

    `text` is complete but for the signature. Without a number or consent the message is kept as skipped, with the
    reason. Between 21:00 and 08:00 it waits for the morning; after `expires_at` it is not sent any more. Returns the
    stored message. Raises `ValueError` for a kind nobody declares.
    """
    must_be_declared(kind)
    _must_be_in_transaction()
    row = Message(
        kind=kind.code,
        key=key,
        channel=Channel.SMS,
        account_id=account_id,
        contact_id=contact_id,
        name=name,
        address=phone,
        language=CHINESE,
        text=text,
        once=kind.once,
        created_at=at,
        send_after=at,
        expires_at=expires_at,
    )
    _as_sms(row)
    reason = _not_to(phone, consent=consent, opted_out=opted_out)
    if reason:
        _skip(row, reason)
    Message.objects.for_system().bulk_create([row], ignore_conflicts=True)
    if not reason:
        wake(Channel.SMS)
    return Message.objects.for_system().get(key=key, channel=Channel.SMS, recipient__isnull=True)


def address_of(member: Member, channel: Channel | str) -> tuple[str, str]:
    """Where a member is reached on a channel, and why not when there is nothing."""
    if channel == Channel.EMAIL:
        return member.email, "" if member.email else SkipReason.NO_ADDRESS
    return member.phone, "" if member.phone else SkipReason.NO_MOBILE


def _write_notice(notice: Notice, subject: models.Model | None) -> None:
    if subject is not None:
        notice.subject_model, notice.subject_id = subject._meta.label_lower, subject.pk
    Notice.objects.for_system().bulk_create([notice], ignore_conflicts=True)


def _write_to_member(model: Message, kind: MessageKind, recipient: Member, attachments: Sequence[File]) -> None:
    off = set() if kind.required else _switched_off(recipient, kind)
    for channel in kind.outward:
        row = Message(**{field.attname: getattr(model, field.attname) for field in Message._meta.concrete_fields})
        row.channel = channel
        row.address, reason = address_of(recipient, channel)
        if channel == Channel.SMS:
            _as_sms(row)
        if channel in off:
            reason = SkipReason.UNWANTED
        if reason:
            _skip(row, reason)
        Message.objects.for_system().bulk_create([row], ignore_conflicts=True)
        if channel == Channel.EMAIL and attachments and not reason:
            _attach(row, attachments)
        if not reason:
            wake(channel)


def _attach(row: Message, attachments: Sequence[File]) -> None:
    stored = Message.objects.for_system().get(key=row.key, channel=row.channel, recipient_id=row.recipient_id)
    MessageFile.objects.for_system().bulk_create(
        MessageFile(message=stored, name=file.name, content_type=file.content_type, content=file.content)
        for file in attachments
    )


def _switched_off(member: Member, kind: MessageKind) -> set[str]:
    rows = ChannelOff.objects.for_system().filter(member=member, kind=kind.code)
    return set(rows.values_list("channel", flat=True))


def _as_sms(row: Message) -> None:
    row.text = signed(row.text, settings.SMS_SIGNATURE, first=settings.SMS_SIGNATURE_FIRST)
    row.parts = sms_parts(row.text)
    row.send_after = next_sms_time(row.send_after, ZONE)


def _not_to(phone: str, *, consent: bool, opted_out: bool) -> str:
    if opted_out:
        return SkipReason.OPTED_OUT
    if not consent:
        return SkipReason.NO_CONSENT
    return "" if phone else SkipReason.NO_MOBILE


def _skip(row: Message, reason: str) -> None:
    row.state, row.skip_reason, row.ended_at = MessageState.SKIPPED, reason, row.created_at


def _told(kind: MessageKind, recipient: Member, key: str) -> bool:
    model: Any = Notice if Channel.IN_APP in kind.channels else Message
    return bool(model.objects.for_system().filter(recipient=recipient, key=key).exists())


def _rendered(text: Promise, params: Mapping[str, Any] | None, language: str) -> str:
    with translation.override(language):
        if not params:
            return str(text)
        try:
            return str(text % params)
        except KeyError as missing:
            raise ValueError(f"The message has a place that nothing fills: {missing}") from None


def _joined(lines: Iterable[Promise | str], language: str) -> str:
    with translation.override(language):
        return "\n".join(str(line) for line in lines)


def _short(words: str) -> str:
    return words if len(words) <= TEXT_LENGTH else words[: TEXT_LENGTH - 1] + "…"


def _must_be_in_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A message is written inside the transaction of its cause.")
