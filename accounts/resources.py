"""What of the client dossier can be imported, and which of the department's registers wait for their areas."""

from accounts.imports.clients import ClientJudge
from accounts.imports.contacts import ContactJudge
from accounts.imports.registers import CLIENTS, CONTACTS, NOT_YET
from kam.core.imports.plan import SheetKind, register_kind, register_untaken

register_kind(SheetKind(CLIENTS, order=10, judge=ClientJudge))
register_kind(SheetKind(CONTACTS, order=20, judge=ContactJudge))
for register in NOT_YET:
    register_untaken(register)
