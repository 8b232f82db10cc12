"""The one table of what each role may do: model × action × role → reach.

Row values, in the order of `ROLES`: `all` every row · `client` rows of clients that the member holds a live grant for ·
`own` rows that name the member · `before` rows put before the member · `-` none. An action that is not listed is
nobody's. `write_role_groups` mirrors the table into the role groups, so that Django's permission checks agree with it.
"""

from kam.core.scoping import Reach

ROLES = ("director", "clerk", "manager", "executive", "finance", "legal", "partner")

_WORDS = {
    "all": Reach.ALL,
    "client": Reach.CLIENT,
    "own": Reach.OWN,
    "before": Reach.PUT_BEFORE,
    "-": Reach.NONE,
}

# fmt: off
TABLE: dict[str, dict[str, str]] = {
    #                              director  clerk   manager  executive  finance  legal   partner
    "accounts.account": {
        "view":                   "all       all     client   -          all      -       -",
        "add":                    "all       all     all      -          -        -       -",
        "change":                 "all       all     client   -          -        -       -",
        "assign":                 "all       -       -        -          -        -       -",
        "share":                  "all       all     client   -          -        -       -",
        "request_credit":         "all       all     client   -          -        -       -",
        "request_grade":          "all       all     client   -          -        -       -",
        "request_handover":       "all       all     client   -          -        -       -",
        "open_credit":            "-         -       -        -          all      -       -",
        "export":                 "all       all     client   -          -        -       -",
        "explain":                "all       all     -        -          -        -       -",
        "grade":                  "all       -       -        -          -        -       -",
    },
    "accounts.contact": {
        "view":                   "all       all     client   -          -        -       -",
        "add":                    "all       all     client   -          -        -       -",
        "change":                 "all       all     client   -          -        -       -",
        "export":                 "all       all     client   -          -        -       -",
    },
    "accounts.bankaccount": {
        "view":                   "all       all     client   -          all      -       -",
        "add":                    "all       all     client   -          -        -       -",
        "change":                 "all       all     client   -          -        -       -",
    },
    "accounts.address": {
        "view":                   "all       all     client   -          all      -       -",
        "add":                    "all       all     client   -          -        -       -",
        "change":                 "all       all     client   -          -        -       -",
    },
    "accounts.warehouse": {
        "view":                   "all       all     client   -          all      -       -",
        "add":                    "all       all     client   -          -        -       -",
        "change":                 "all       all     client   -          -        -       -",
    },
    "accounts.attachment": {
        "view":                   "all       all     client   -          all      -       -",
        "add":                    "all       all     client   -          -        -       -",
        "change":                 "all       all     client   -          -        -       -",
    },
    "accounts.accountgrant": {
        "view":                   "all       all     client   -          -        -       -",
    },
    "care.birthdaycare": {
        "view":                   "all       all     client   -          -        -       -",
        "change":                 "all       all     client   -          -        -       -",
        "export":                 "all       all     client   -          -        -       -",
    },
    "approvals.request": {
        "view":                   "all       all     before   before     all      before  before",
        "decide":                 "before    before  before   before     before   before  before",
    },
    "approvals.policystep": {
        "view":                   "all       all     all      all        all      all     all",
        "add":                    "all       -       -        -          -        -       -",
        "change":                 "all       -       -        -          -        -       -",
    },
    "approvals.policy": {
        "view":                   "all       all     all      all        all      all     all",
        "change":                 "all       -       -        -          -        -       -",
    },
    "visits.visitlog": {
        "view":                   "all       all     client   -          -        -       -",
        "add":                    "all       all     client   -          -        -       -",
        "change":                 "own       own     own      -          -        -       -",
        "handle":                 "all       all     -        -          -        -       -",
        "export":                 "all       all     client   -          -        -       -",
    },
    "visits.visitplan": {
        "view":                   "all       all     own      -          -        -       -",
        "add":                    "all       -       all      -          -        -       -",
        "change":                 "own       -       own      -          -        -       -",
    },
    "visits.visitplanline": {
        "view":                   "all       all     client   -          -        -       -",
        "change":                 "own       -       own      -          -        -       -",
    },
    "visits.visitphoto": {
        "view":                   "all       all     client   -          -        -       -",
        "change":                 "own       own     own      -          -        -       -",
    },
    "visits.visitrules": {
        "view":                   "all       all     all      all        all      all     all",
        "change":                 "all       -       -        -          -        -       -",
    },
    "catalogue.product": {
        "view":                   "all       all     all      all        all      all     all",
        "add":                    "all       all     -        -          -        -       -",
        "change":                 "all       all     -        -          -        -       -",
        "export":                 "all       all     all      -          -        -       -",
    },
    "people.member": {
        "view":                   "all       all     all      all        all      all     all",
        "add":                    "all       all     -        -          -        -       -",
        "change":                 "all       all     -        -          -        -       -",
    },
    "people.unit": {
        "view":                   "all       all     all      all        all      all     all",
        "add":                    "all       all     -        -          -        -       -",
        "change":                 "all       all     -        -          -        -       -",
    },
    "people.delegation": {
        "view":                   "all       all     own      all        own      own     own",
        "add":                    "all       -       -        all        -        -       -",
        "change":                 "all       -       -        all        -        -       -",
    },
    "outbox.notice": {
        "view":                   "own       own     own      own        own      own     own",
    },
    "outbox.message": {
        "view":                   "all       all     client   -          -        -       -",
        "change":                 "all       all     -        -          -        -       -",
    },
    "outbox.channeloff": {
        "view":                   "own       own     own      own        own      own     own",
    },
    "jobs.knownjob": {
        "view":                   "all       all     -        -          -        -       -",
        "change":                 "all       -       -        -          -        -       -",
    },
    "jobs.pulse": {
        "view":                   "all       all     -        -          -        -       -",
    },
    "jobs.jobrun": {
        "view":                   "all       all     -        -          -        -       -",
        "change":                 "all       all     -        -          -        -       -",
    },
    "core.exportlog": {
        "view":                   "all       all     own      -          -        -       -",
    },
    "core.operation": {
        "view":                   "all       -       -        -          -        -       -",
        "change":                 "all       -       -        -          -        -       -",
    },
    "core.exportrun": {
        "view":                   "own       own     own      own        own      own     own",
        "change":                 "own       own     own      own        own      own     own",
    },
    "core.importrun": {
        "view":                   "all       all     own      -          -        -       -",
        "add":                    "all       all     all      -          -        -       -",
        "change":                 "all       all     own      -          -        -       -",
    },
    "core.importrow": {
        "view":                   "all       all     own      -          -        -       -",
    },
    "core.headerword": {
        "view":                   "all       all     -        -          -        -       -",
        "add":                    "all       all     -        -          -        -       -",
        "change":                 "all       all     -        -          -        -       -",
    },
    "core.savedview": {
        "view":                   "own       own     own      own        own      own     own",
        "change":                 "own       own     own      own        own      own     own",
    },
}
# fmt: on

_REACHES: dict[tuple[str, str, str], Reach] = {
    (role, model, action): _WORDS[word]
    for model, actions in TABLE.items()
    for action, row in actions.items()
    for role, word in zip(ROLES, row.split(), strict=True)
}


def reach_of(role: str, model: str, action: str) -> Reach:
    """Reach of `role` for `action` on `model` ("app.model", lower case); NONE for whatever is not in the table."""
    return _REACHES.get((role, model, action), Reach.NONE)


def may(role: str, model: str, action: str) -> bool:
    """Whether the role has any reach at all: decides whether a menu entry or a button exists."""
    return reach_of(role, model, action) is not Reach.NONE


def models_put_before() -> tuple[str, ...]:
    """Models ("app.model") whose rows some role sees only because they are put before it."""
    return tuple(model for model, actions in TABLE.items() if "before" in actions.get("view", "").split())
