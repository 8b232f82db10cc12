"""`make bench [SCALE=n]`: prints one JSON document: pages and messages on PostgreSQL, imports on SQLite too.

A private database `kam_bench` is made on the server of DATABASE_URL, or on a throwaway server when there is none.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import django
import psycopg

from tools.services import postgres

RUNS = 40
HIT = (200, 302)
"""A search that finds one thing alone leads straight to it."""
DATABASE = "kam_bench"


@contextmanager
def throwaway_database(server: str) -> Iterator[str]:
    """URL of an empty database on the server of `server`, dropped at the end; what `server` names is not touched."""
    before, _slash, _name = server.rpartition("/")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    try:
        yield f"{before}/{DATABASE}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def main() -> None:
    """Provide a database, fill it, measure every page as manager and as clerk, print the report."""
    scale = int(os.environ.get("SCALE", "1"))
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        if server is None:
            raise SystemExit("No PostgreSQL on this machine: install it, or name a server in DATABASE_URL.")
        os.environ["DATABASE_URL"] = stack.enter_context(throwaway_database(server))
        os.environ["ALLOWED_HOSTS"] = "testserver,localhost"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam.settings")
        django.setup()
        sys.stdout.write(json.dumps(report(scale), ensure_ascii=False, indent=1) + "\n")


def report(scale: int) -> dict[str, Any]:
    """Fill the database and measure."""
    from django.core.management import call_command
    from django.test.utils import override_settings

    from kam.people.models import Member
    from tests.bench import data, empty
    from tests.bench.care import month_job
    from tests.bench.imports import imports, on_sqlite
    from tests.bench.messages import delivery

    call_command("migrate", verbosity=0)
    sys.stderr.write("filling …\n")
    rows = data.fill(scale)
    result: dict[str, Any] = {"at": data.stamp(), "scale": scale, "rows": rows}
    with override_settings(ROOT_URLCONF="tests.bench.empty"):
        manager = Member.objects.for_system().get(username="manager7")
        with override_settings(MIDDLEWARE=empty.MIDDLEWARE):
            result["empty_page"] = yardstick(manager)
        for member in (manager, Member.objects.for_system().get(username="clerk")):
            result[member.role] = pages(member, result["empty_page"]["p50_ms"])
    sys.stderr.write("delivering …\n")
    result["delivery"] = delivery()
    sys.stderr.write("caring …\n")
    result["care_month"] = month_job()
    sys.stderr.write("importing …\n")
    result["imports"] = {"postgresql": imports(), "sqlite": on_sqlite(scale)}
    return result


def yardstick(member: Any) -> dict[str, Any]:
    """The empty Django page."""
    from django.test import Client

    from tests.bench.measure import timed

    client = Client()
    client.force_login(member, backend="kam.people.backends.MemberBackend")
    return timed(lambda: client.get("/empty/"), runs=RUNS * 3)


def pages(member: Any, yardstick_ms: float) -> dict[str, Any]:
    """Every measured page for one member; `times_empty` is p50 over the yardstick's."""
    from django.test import Client

    from accounts.models import Account
    from tests.bench.data import PASSWORD
    from tests.bench.measure import peak_of, timed
    from tests.bench.saving import save_client

    client = Client()
    client.force_login(member, backend="kam.people.backends.MemberBackend")
    seen = Account.objects.visible_to(member)
    account = seen.order_by("number")[3]
    name = account.name[2:4]

    def sign_in() -> Any:
        fresh = Client()
        return fresh.post("/people/sign-in/", {"username": member.username, "password": PASSWORD})

    result = {
        "sign_in": timed(sign_in, runs=5, expect=(302,)),
        "workbench": timed(lambda: client.get("/"), runs=RUNS),
        "list_first": timed(lambda: client.get("/clients/"), runs=RUNS),
        "list_last": timed(lambda: client.get("/clients/", {"page": -1}), runs=RUNS),
        "search_hit": timed(lambda: client.get("/search/", {"q": name}), runs=RUNS, expect=HIT),
        "search_pinyin": timed(lambda: client.get("/search/", {"q": "suning"}), runs=RUNS, expect=HIT),
        "search_miss": timed(lambda: client.get("/search/", {"q": "鑫鑫鑫"}), runs=RUNS),
        "client_page": timed(lambda: client.get(account.get_absolute_url()), runs=RUNS),
        "client_save": timed(save_client(client, account), runs=RUNS // 4, expect=(302,)),
    }
    for row in result.values():
        row["times_empty"] = round(row["p50_ms"] / yardstick_ms, 1)
    for export in ("csv", "xlsx"):
        result[f"export_{export}"] = peak_of(member.username, f"/clients/?export={export}")
    return result


if __name__ == "__main__":
    main()
