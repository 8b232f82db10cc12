"""What the department sells."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """Products."""

    name = "kam.catalogue"
    label = "catalogue"
    verbose_name = _("Products")
