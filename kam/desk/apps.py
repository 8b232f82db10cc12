"""Workbench, search and frame: reads from every area, owns almost nothing."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """The desk."""

    name = "kam.desk"
    label = "desk"
    verbose_name = _("Desk")
    default = True


class PanelConfig(admin_apps.AdminConfig):
    """Django's admin panel on the house's own site (审批中心与设置)."""

    default = False
    default_site = "kam.desk.panel.Panel"
