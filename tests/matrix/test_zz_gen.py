import re

import pytest
from django.db import transaction

from tests.matrix.answers import *
from tests.matrix.posts import data_for
from tests.matrix.rows import lines
from tests.matrix.walk import addresses
from tests.matrix.world import *

pytestmark = pytest.mark.django_db


def keys_for(name, route):
    n = len(re.findall(r"<[^>]+>|\(\?P", route))
    if not n:
        return ()
    base = name.split(":")[-1]
    if name.startswith("accounts:"):
        k = {
            "contact": "contact",
            "address": "address",
            "bank": "bank",
            "warehouse": "warehouse",
            "attachment": "attachment",
        }.get(base.split("_")[0])
        return ("client",) if n == 1 else ("client", k or base.split("_")[0])
    if name.startswith("approvals:"):
        return ("request",) if n == 1 else ("request", "attachment")
    if name.startswith("people:"):
        return (base.split("_")[0],)
    if name.startswith("desk:notice"):
        return ("notice",)
    if name.startswith("jobs:"):
        return ("run",)
    return tuple("1" for _ in range(n))


def test_gen():
    world = build()
    b = viewers(world, VIEWERS)
    have = {l.name for l in lines()}
    out = []
    for name, route in addresses().items():
        keys = keys_for(name, route)
        for m in ("GET", "POST"):
            if name in have:
                continue
            ans = []
            for col in VIEWERS:
                s = transaction.savepoint()
                try:
                    a = address_of(name, [world.thing(col, k) for k in keys])
                    r = (
                        b[col].get(a)
                        if m == "GET"
                        else b[col].post(a, data_for(name, world.things[col if col in CLIENTS else "none"]))
                    )
                    ans.append(in_words(r))
                except Exception as e:
                    ans.append(type(e).__name__)
                transaction.savepoint_rollback(s)
                b = viewers(world, VIEWERS) if "out" in name else b
            if ans[0] == "in" and set(ans[1:]) == {"405"}:
                continue
            out.append((name, m, "/".join(keys) or "-", ans))
    w = open("/tmp/matrix_out.txt", "w")
    for name, m, k, ans in out:
        w.write(
            f"{name:36} {m:4} {k:18} {ans[0]:4} {ans[1]:4} {ans[2]:4} | {' '.join(f'{x:4}' for x in ans[3:8])} | {' '.join(f'{x:4}' for x in ans[8:])}".rstrip()
            + "\n"
        )
