"""Bad files through the page and through the command: each gets its sentence, none an error page, none fills memory."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Account
from kam.core.imports.models import ImportRun, ImportState
from tests.support.bad_files import AT_ONCE, NO_ROWS, READ, WHEN_READ, WRONG_CELL, Bad
from tests.support.forms import signed_in
from tests.support.people import member

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
MOST_MB = 300
"""Memory of a process that reads all the files, one after the other; before the first it has about 90."""
MOST_SECONDS = 120
READ_ALL = """
import json, sys, time
from pathlib import Path
import django
django.setup()
from kam.core.imports.judging import open_workbook
from kam.core.workbooks.package import UnreadableFile
from tests.bench.measure import peak_memory_mb
told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    start, before = time.process_time(), peak_memory_mb()
    try:
        with open_workbook(path, path.stem) as sheets:
            for sheet in sheets:
                for row in sheet.rows():
                    pass
    except UnreadableFile:
        pass
    told[path.name] = [peak_memory_mb(), peak_memory_mb() - before, round(time.process_time() - start, 1)]
print(json.dumps(told))
"""


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clerk():
    member(full_name="卫东升")
    return member("clerk")


@pytest.fixture
def brought(tmp_path):
    """Makes the file and gives its path."""

    def make(bad: Bad) -> Path:
        path = tmp_path / bad.name
        bad.make(path)
        return path

    return make


def each(*groups):
    return pytest.mark.parametrize("bad", [pytest.param(bad, id=bad.name) for group in groups for bad in group])


def upload(browser, path, callbacks):
    with callbacks(execute=True):
        file = SimpleUploadedFile(path.name, path.read_bytes())
        return browser.post(reverse("accounts:import_upload"), {"file": file})


def dry_run(path):
    out, err = StringIO(), StringIO()
    call_command("import_workbook", path, "--dry-run", "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue()), out.getvalue() + err.getvalue()


def counted(answer):
    return {
        key: sum(sheet[key] for sheet in answer["sheets"].values())
        for key in ("rows", "new", "changed", "unchanged", "duplicate", "blocked")
    }


@each(AT_ONCE)
def test_what_is_no_workbook_is_refused_beside_the_field(clerk, brought, bad, django_capture_on_commit_callbacks):
    path = brought(bad)
    response = upload(signed_in(clerk), path, django_capture_on_commit_callbacks)
    assert response.status_code == 422
    assert bad.said in response.context["error"]
    assert not ImportRun.objects.exists()
    with pytest.raises(CommandError) as refusal:
        dry_run(path)
    assert bad.said in str(refusal.value)
    assert "\n" not in str(refusal.value)


@each(WHEN_READ)
def test_what_cannot_be_read_fails_with_its_sentence(clerk, brought, bad, django_capture_on_commit_callbacks):
    path = brought(bad)
    browser = signed_in(clerk)
    response = upload(browser, path, django_capture_on_commit_callbacks)
    run = ImportRun.objects.get()
    assert (run.state, run.rows.count()) == (ImportState.FAILED, 0)
    assert bad.said in run.error
    assert bad.said in browser.get(response.url).content.decode()
    for arguments in (["--dry-run"], []):
        with pytest.raises(CommandError) as refusal:
            call_command("import_workbook", path, *arguments, stdout=StringIO())
        assert bad.said in str(refusal.value)
    assert not Account.objects.exists()


@each(READ)
def test_what_is_only_odd_is_read(clerk, brought, bad, django_capture_on_commit_callbacks):
    path = brought(bad)
    browser = signed_in(clerk)
    response = upload(browser, path, django_capture_on_commit_callbacks)
    page = browser.get(response.url, {"show": "all"})
    answer, said = dry_run(path)
    assert bad.said in page.content.decode()
    assert counted(answer) == {"rows": 1, "new": 1, "changed": 0, "unchanged": 0, "duplicate": 0, "blocked": 0}
    assert not any(sheet["errors"] for sheet in answer["sheets"].values())
    assert bad.said in said or bad.said in str(page.context["page"].object_list[0].understood)
    row = ImportRun.objects.get().rows.get()
    assert row.data["credit_limit"] == "50000.00"


@each(WRONG_CELL)
def test_a_cell_that_holds_no_value_is_wrong_at_its_place(clerk, brought, bad, django_capture_on_commit_callbacks):
    path = brought(bad)
    browser = signed_in(clerk)
    response = upload(browser, path, django_capture_on_commit_callbacks)
    assert bad.said in browser.get(response.url).content.decode()
    (error,) = dry_run(path)[0]["sheets"]["客户"]["errors"]
    assert error["row"] == 2
    assert bad.said in f"{error['value']} {error['reason']}"
    assert len(error["value"]) < 300


@each(NO_ROWS)
def test_a_file_with_nothing_to_import_says_so(clerk, brought, bad, django_capture_on_commit_callbacks):
    path = brought(bad)
    browser = signed_in(clerk)
    response = upload(browser, path, django_capture_on_commit_callbacks)
    page = browser.get(response.url)
    assert page.status_code == 200
    assert bad.said in page.content.decode()
    assert not page.context["may_confirm"]
    answer, said = dry_run(path)
    assert bad.said in said
    assert counted(answer)["rows"] == 0


@pytest.mark.slow
def test_no_file_fills_memory_or_takes_for_ever(tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for bad in (*AT_ONCE, *WHEN_READ, *READ, *WRONG_CELL, *NO_ROWS):
        bad.make(folder / bad.name)
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(folder)], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    assert max(peak for peak, _more, _seconds in told.values()) < MOST_MB, told
    assert sum(seconds for _peak, _more, seconds in told.values()) < MOST_SECONDS, told
