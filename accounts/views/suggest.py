"""Suggestions for pick-lists of clients."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from accounts.suggestions import account_suggestions
from kam.people.signed_in import member_of

LONGEST_TYPED = 60


@require_safe
def account_suggest(request: HttpRequest) -> JsonResponse:
    """`?q=` → `{"results": [{"id", "text", "sub"}]}`, as `static/js/pick.js` asks; only clients in sight."""
    found = account_suggestions(member_of(request), request.GET.get("q", "")[:LONGEST_TYPED])
    results = [
        {"id": row.number, "text": row.name, "sub": " · ".join(part for part in (row.number, row.city) if part)}
        for row in found
    ]
    return JsonResponse({"results": results})
