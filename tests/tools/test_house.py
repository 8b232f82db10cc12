"""The lint rules of the house: each one finds what it should and lets pass what it should."""

from pathlib import PurePosixPath

import pytest

from tools.house.findings import Finding, without_exempted
from tools.house.lint import check_source
from tools.house.markup import check_template
from tools.house.models import Models, read_models
from tools.house.words import check_words
from tools.terminal import ROOT

MODELS = Models(with_history=frozenset({"Account"}), related=frozenset({"contacts"}))


def rules(path: str, source: str) -> list[str]:
    return [finding.rule for finding in check_source(PurePosixPath(path), source, MODELS)]


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        ("bare-save", "accounts/services.py", "account.save()"),
        ("update-past-history", "accounts/tasks.py", "Account.objects.for_system().filter(pk=1).update(name='x')"),
        ("update-past-history", "accounts/tasks.py", "rows = Account.objects.for_system()\nrows.update(name='x')"),
        ("update-past-history", "accounts/tasks.py", "Account.objects.bulk_update(rows, fields=['name'])"),
        ("status-assigned", "accounts/services.py", "account.status = 'active'"),
        ("status-assigned", "accounts/services.py", "setattr(account, 'status', 'active')"),
        ("status-assigned", "kam/jobs/claims.py", "JobRun.objects.filter(pk=1).update(status='done')"),
        ("not-on-commit", "accounts/services.py", "remind.delay(1)"),
        ("not-on-commit", "accounts/services.py", "remind.apply_async(args=[1])"),
        ("guardian-shortcut", "accounts/selectors.py", "from guardian.shortcuts import get_objects_for_user"),
        ("guardian-shortcut", "accounts/services.py", "user.has_perm('accounts.view_account', account)"),
        ("clock", "accounts/services.py", "timezone.now()"),
        ("clock", "accounts/services.py", "date.today()"),
        ("impure-rules", "accounts/rules.py", "from accounts.models import Account"),
        ("impure-rules", "accounts/rules/birthday.py", "from django.db import models"),
        ("impure-rules", "accounts/rules.py", "from kam.core.calendar import today"),
        ("unsafe-markup", "accounts/views.py", "from django.utils.safestring import mark_safe"),
        (
            "service-signature",
            "accounts/services.py",
            "@transaction.atomic\ndef account_create(name, *, actor):\n    return name",
        ),
        (
            "service-signature",
            "accounts/services/a.py",
            "@transaction.atomic\ndef account_create(*, name):\n    return name",
        ),
        ("long-task", "accounts/tasks.py", "def sweep():\n" + "    work()\n" * 15),
        ("unscoped-manager", "accounts/views.py", "Account.objects.filter(name='x')"),
        ("unscoped-manager", "accounts/forms.py", "field.queryset = Account.objects"),
        ("unscoped-manager", "accounts/lists/clients.py", "Account._default_manager.all()"),
        ("unscoped-manager", "accounts/admin.py", "Account.objects.for_system()"),
        ("unscoped-manager", "kam/core/templatetags/kam.py", "account.history.first()"),
        ("related-manager", "accounts/views.py", "account.contacts.all()"),
        ("related-manager", "accounts/resources.py", "account.visit_set.count()"),
        ("unscoped-object", "accounts/views.py", "get_object_or_404(Account, pk=1)"),
        ("page-writes", "accounts/views.py", "account.delete()"),
        ("page-writes", "accounts/forms.py", "account.save(update_fields=['name'])"),
        ("plain-model-view", "accounts/views.py", "from django.views.generic import ListView"),
        ("plain-model-view", "accounts/views.py", "from django.views.generic.edit import UpdateView"),
    ],
)
def test_it_finds(rule: str, path: str, source: str) -> None:
    assert rule in rules(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("accounts/services.py", "account.save(update_fields=['name'])"),
        ("accounts/services.py", "account.save(force_insert=True)"),
        ("accounts/services.py", "image.save(target, 'PNG')"),
        ("accounts/services.py", "class Kept(Base):\n    def save(self):\n        super().save()"),
        ("accounts/services.py", "facts.update({'a': 1})"),
        ("kam/jobs/claims.py", "JobRun.objects.filter(pk=1).update(leased_until=moment)"),
        ("kam/core/states.py", "fresh.status = to"),
        ("accounts/services.py", "remind.delay_on_commit(1)"),
        ("kam/core/scoping.py", "from guardian.shortcuts import get_objects_for_user"),
        ("kam/core/calendar.py", "timezone.now()"),
        ("accounts/lists.py", "timezone.localtime(row.created_at)"),
        ("accounts/rules.py", "from datetime import date\nfrom kam.core.exceptions import DomainError"),
        ("accounts/services.py", "@transaction.atomic\ndef account_create(*, name, actor):\n    return name"),
        ("accounts/services/checks.py", "def lock_account(account_pk, action):\n    return account_pk"),
        ("accounts/services.py", "def _number(account):\n    return account"),
        ("accounts/views.py", "Account.objects.visible_to(user)"),
        ("accounts/forms.py", "Account.objects.none()"),
        ("accounts/views.py", "get_object_or_404(Account.objects.visible_to(user), pk=1)"),
        ("accounts/views.py", "facts.values.get('a')"),
        ("accounts/admin.py", "formset.save(commit=False)"),
        ("accounts/forms.py", "self.contacts.filter(pk=1)"),
        ("accounts/views.py", "from django.views.generic import TemplateView"),
        ("accounts/selectors.py", "Account.objects.for_system().filter(pk=1)"),
    ],
)
def test_it_lets_pass(path: str, source: str) -> None:
    assert rules(path, source) == []


def test_a_line_excuses_itself_by_rule_and_reason() -> None:
    line = "remind.delay(1)  # house: not-on-commit - runs outside every transaction\n"
    above = "# house: not-on-commit - runs outside every transaction\nremind.delay(1)\n"
    other = "remind.delay(1)  # house: bare-save - wrong rule\n"
    without_reason = "remind.delay(1)  # house: not-on-commit\n"
    assert rules("accounts/services.py", line) == []
    assert rules("accounts/services.py", above) == []
    assert rules("accounts/services.py", other) == ["not-on-commit"]
    assert rules("accounts/services.py", without_reason) == ["not-on-commit"]


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("inline-script", "<script>alert(1)</script>"),
        ("inline-script", '<script type="module">\nstart()</script>'),
        ("inline-style", "<style nonce='x'>p{}</style>"),
        ("inline-style", '<p style="color:red">'),
        ("inline-handler", '<a href="/" onclick="go()">'),
        ("inline-handler", '<a hx-on:click="go()">'),
        ("script-address", '<a href="javascript:go()">'),
        ("script-address", """<a hx-vals='js:{a: 1}'>"""),
        ("foreign-host", '<script src="https://elsewhere.example/a.js"></script>'),
        ("foreign-host", '<link rel="stylesheet" href="//elsewhere.example/a.css">'),
        ("unsafe-markup", "{{ note|safe }}"),
        ("unsafe-markup", "{% autoescape off %}{% endautoescape %}"),
        ("related-manager", "{% for contact in account.contacts.all %}{% endfor %}"),
        ("related-manager", "{{ account.visit_set.count }}"),
    ],
)
def test_it_finds_in_templates(rule: str, source: str) -> None:
    assert rule in [found[1] for found in check_template("templates/x.html", source, MODELS)]


@pytest.mark.parametrize(
    "source",
    [
        '<script type="module" src="{% static "js/list.js" %}"></script>',
        '<p class="style">one = two, on = off</p>',
        '{# never write style="" or {{ x|safe }} #}<p>{{ facts.all }}</p>',
        '<a href="https://map.example/">map</a>',
        "{{ note|safe_words }}",
    ],
)
def test_it_lets_pass_in_templates(source: str) -> None:
    assert list(check_template("templates/x.html", source, MODELS)) == []


def test_a_partial_names_its_context() -> None:
    assert [found[1] for found in check_template("templates/partials/_a.html", "<p>", MODELS)] == ["partial-context"]
    assert list(check_template("templates/partials/_a.html", "{# row: a client #}<p>", MODELS)) == []


def test_template_lines_are_counted_past_comments() -> None:
    source = "{# a\nb #}\n<p style='x'>"
    assert [found[0] for found in check_template("templates/x.html", source, MODELS)] == [3]


def test_words() -> None:
    def found(name: str, text: str) -> list[str]:
        return [hit[1] for hit in check_words(PurePosixPath(name), text)]

    assert found("accounts/utils.py", "") == ["vague-name"]
    assert found("static/js/list.js", "// TO" + "DO later") == ["note-to-self"]
    assert found("docs/a.md", "index: https://" + "pypi" + ".org/simple") == ["registry-address"]
    assert found("package-lock.json", '"resolved": "https://elsewhere.example/a.tgz"') == ["registry-address"]
    assert found("accounts/rules.py", "a = 1  # https://docs.example/") == []


def test_models_are_read_from_the_source() -> None:
    source = """
class Account(Model):
    parent = Key(related_name="branches")
    tags = ManyToManyField("Tag")
    actor = Key(related_name="+")
    history = HistoricalRecords(bases=[OperationBase])

class Notice(Model):
    pass
"""
    models = read_models([source])
    assert models.with_history == {"Account"}
    assert models.related == {"branches", "tags"}


def test_findings_read_as_file_line_rule() -> None:
    finding = Finding(ROOT / "a.py", 3, "clock", "why")
    assert str(finding) == "a.py:3: clock: why"
    assert list(without_exempted([finding], "\n\n\n")) == [finding]
