"""The list kit: one class per list page answers page, htmx fragment and export from one scoped queryset."""
