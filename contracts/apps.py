"""Contracts, orders and receivables."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    """Contracts, orders and receivables."""

    name = "contracts"
    verbose_name = _("Contracts")
