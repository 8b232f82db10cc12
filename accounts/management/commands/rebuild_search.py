"""`rebuild_search`: writes the search index of all clients anew, as after rows that came in past the services."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Account
from accounts.services.search import search_terms_refresh

BLOCK = 500


class Command(BaseCommand):
    """Every client in blocks of 500, each in its own transaction, so that nobody waits long."""

    help = "Write the search terms of all clients and their people anew."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Go through all clients by key."""
        last, done = 0, 0
        clients = Account.objects.for_system().order_by("pk").values_list("pk", flat=True)
        while keys := list(clients.filter(pk__gt=last)[:BLOCK]):
            search_terms_refresh(keys)
            last, done = keys[-1], done + len(keys)
        self.stdout.write(f"{done} clients")
