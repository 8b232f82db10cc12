"""The words that the department adds over columns of its registers: who added and removed which."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.forms.header_words import HeaderWordForm
from kam.core.calendar import now
from kam.core.exceptions import Text
from kam.core.imports.models import HeaderWord
from kam.core.imports.words import column_title, header_word_add, header_word_remove
from kam.core.pages import ActPage, FormPage
from kam.people.signed_in import member_of

SHOWN = 500


class HeaderWordPage(FormPage):
    """The words in force and the removed ones, and the form for another word."""

    model = HeaderWord
    action = "add"
    creates = True
    form_class = HeaderWordForm
    template_name = "accounts/header_words.html"
    title = _("Words over columns")
    submit_label = _("Add")

    def call(self, form: HeaderWordForm) -> HeaderWord:
        return header_word_add(actor=member_of(self.request), **form.values())

    def success_url(self, saved: HeaderWord) -> str:
        return reverse("accounts:header_words")

    def cancel_url(self) -> str:
        return reverse("accounts:import_list")

    def context(self) -> dict[str, Any]:
        seen = HeaderWord.objects.visible_to(member_of(self.request)).select_related("added_by", "removed_by")
        rows = [{"word": row, "column": column_title(row)} for row in seen.order_by("-pk")[:SHOWN]]
        return {
            "in_force": [row for row in rows if row["word"].removed_at is None],
            "removed": [row for row in rows if row["word"].removed_at is not None],
        }


class HeaderWordRemove(ActPage):
    """Take a word out of use."""

    model = HeaderWord

    def act(self) -> Text:
        row = header_word_remove(word_pk=self.row.pk, actor=member_of(self.request), now=now())
        return _now("“%(word)s” means nothing any more.") % {"word": row.word}

    def success_url(self) -> str:
        return reverse("accounts:header_words")
