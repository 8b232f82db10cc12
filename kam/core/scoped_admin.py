"""The one base of every page in the admin panel: scoped like the intranet, and nothing is written past a service."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured, PermissionDenied
from django.db import transaction
from django.db.models import BooleanField, ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kam.core.exceptions import DomainError
from kam.core.row_history import Entry, row_history
from kam.core.scoping import Reach, allowed, reach


def _refused(form_class: Any, refusal: DomainError) -> Any:
    """The same form, which says why the service did not save it."""

    class Refused(form_class):
        def _post_clean(self) -> None:
            super()._post_clean()
            self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))

    return Refused


def yes_or_no(field: Any) -> Any:
    """A column that says a truth in words."""

    @admin.display(description=field.verbose_name, ordering=field.name)
    def said(row: Any) -> str:
        return str(_("Yes") if getattr(row, field.name) else _("No"))

    said.__name__ = field.name
    return said


class ScopedModelAdmin(admin.ModelAdmin):
    """Rows and choices come from `visible_to`, permissions from the table of roles, saving goes through a service.

    A subclass is read-only until it overrides `save_through_service`. Nothing is ever deleted here and no list is
    edited in place. An error of the trade is shown on the form, with what was typed still in it.
    """

    actions_selection_counter = True
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    view_on_site = False
    object_history_template = "admin/field_history.html"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.list_editable:
            raise ImproperlyConfigured(f"{cls.__name__}: a list is not edited in place; open the row.")

    def save_through_service(
        self, request: HttpRequest, form: ModelForm, formsets: list[Any], *, change: bool
    ) -> Model:
        """Call the service that saves what `form` and `formsets` hold, in the name of `request.user`.

        Returns the saved row. DomainError goes back to the person beside the field that it names.
        """
        raise PermissionDenied

    def menu_count(self, request: HttpRequest) -> int:
        """What waits for the member on this page, shown beside it in the menu; 0 shows nothing."""
        return 0

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns; yes and no are words, because the panel's icons are named in English alone."""
        return [self._worded(name) for name in super().get_list_display(request)]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """The fields; where they are only looked at, yes and no are words."""
        names = list(super().get_fields(request, obj))
        return names if self.saves() else [self._worded(name) for name in names]

    def _worded(self, name: Any) -> Any:
        fields = {field.name: field for field in self.model._meta.get_fields() if isinstance(field, BooleanField)}
        return yes_or_no(fields[name]) if name in fields else name

    def history_entries(self, row: Any) -> list[Entry]:
        """What the history page shows of a row that keeps history."""
        return row_history(row)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The field history, in place of the panel's own log, which knows nothing of what services did."""
        row = self.get_object(request, object_id)
        entries = self.history_entries(row) if hasattr(row, "history") else None
        return super().history_view(request, object_id, {"entries": entries, **(extra_context or {})})

    @classmethod
    def saves(cls) -> bool:
        """Whether this page saves at all."""
        return cls.save_through_service is not ScopedModelAdmin.save_through_service

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows that the member may see; ordered as the page says."""
        rows = self.model._default_manager.visible_to(request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.saves() and self._may(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.saves() and self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is deleted in the panel: documents are voided, members leave, grants end."""
        return False

    def _may(self, request: HttpRequest, action: str, obj: Model | None = None) -> bool:
        if not self.admin_site.has_permission(request):
            return False
        if obj is None or obj.pk is None:
            return reach(request.user, self.model, action) is not Reach.NONE
        return allowed(request.user, obj, action)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Choices are narrowed to what the member may see."""
        # house: unscoped-manager - asked for its scope in the next line
        manager = db_field.remote_field.model._default_manager
        if "queryset" not in kwargs and hasattr(manager, "visible_to"):
            kwargs["queryset"] = manager.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """A filter on a foreign key offers only values that occur in rows the member may see."""
        return [
            (entry, admin.RelatedOnlyFieldListFilter) if isinstance(entry, str) and self._is_key(entry) else entry
            for entry in super().get_list_filter(request)
        ]

    def _is_key(self, name: str) -> bool:
        try:
            return isinstance(self.model._meta.get_field(name), ForeignKey)
        except FieldDoesNotExist:
            return False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or show the form again with the service's refusal beside the field it names."""
        try:
            with transaction.atomic():
                return super().changeform_view(request, *args, **kwargs)
        except DomainError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, which on the second pass carries the refusal of the service."""
        form_class = super().get_form(request, obj, change=change, **kwargs)
        refusal: DomainError | None = getattr(request, "refusal", None)
        return form_class if refusal is None else _refused(form_class, refusal)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        """Nothing: the service saves once the formsets are known too."""

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list[Any], change: bool) -> None:
        """Hand the whole to the service; the formsets only sort out what is new, changed and gone."""
        for formset in formsets:
            formset.save(commit=False)
        form.instance.pk = self.save_through_service(request, form, formsets, change=change).pk
