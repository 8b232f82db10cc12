"""What of the client dossier can be imported, and which of the department's registers wait for their areas."""

from accounts.imports.clients import ClientJudge
from accounts.imports.contacts import ContactJudge
from accounts.imports.registers import CLIENTS, CONTACTS, NOT_YET
from accounts.imports.undoing import client_clashes, clients_undo, contact_clashes, contacts_undo
from accounts.imports.writing import clients_write, contacts_write
from kam.core.imports.plan import SheetKind, register_kind, register_untaken

register_kind(SheetKind(CLIENTS, 10, judge=ClientJudge, write=clients_write, clashes=client_clashes, undo=clients_undo))
register_kind(
    SheetKind(CONTACTS, 20, judge=ContactJudge, write=contacts_write, clashes=contact_clashes, undo=contacts_undo)
)
for register in NOT_YET:
    register_untaken(register)
