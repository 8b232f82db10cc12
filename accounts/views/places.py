"""Where pages of the dossier lead back to."""

from django.urls import reverse


def client_tab(account_pk: int, tab: str) -> str:
    """One tab of the client's page."""
    return reverse("accounts:account_tab", args=[account_pk, tab])
