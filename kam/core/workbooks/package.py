"""Whether a file may be opened at all, told from its bytes; each refusal is a sentence that a clerk understands."""

import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from enum import StrEnum
from pathlib import Path

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from kam.core.exceptions import DomainError, Text

MAX_FILE_MB = 20
MAX_UNPACKED_MB = 300
MAX_PARTS = 2000
OLE_HEADER = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
OLD_WORKBOOK_PARTS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
MEGABYTE = 1024 * 1024
UTF_16 = (BOM_UTF16_LE, BOM_UTF16_BE)
PICTURES_AND_PAPERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff")
MARKUP = (b"<", b"{\\rtf")
SAVE_AS_XLSX = _("Open it in Excel or WPS and save it as .xlsx.")


class Format(StrEnum):
    """What can be read."""

    XLSX = "xlsx"
    CSV = "csv"


class UnreadableFile(DomainError):
    """The file cannot be taken, and why."""


def check_package(path: Path) -> Format:
    """The format of the file, judged by its bytes and never by its name. Raises `UnreadableFile`."""
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile(_("The file is empty (0 bytes)."))
    if size > MAX_FILE_MB * MEGABYTE:
        raise UnreadableFile(format_lazy(_("The file is larger than {limit} MB."), limit=MAX_FILE_MB))
    with path.open("rb") as stream:
        head = stream.read(65536)
    if head.startswith(OLE_HEADER):
        raise UnreadableFile(_reason_for_ole(path))
    if head.startswith(b"PK"):
        _check_zip(path)
        return Format.XLSX
    if head.startswith(PICTURES_AND_PAPERS) or (b"\x00" in head and not head.startswith(UTF_16)):
        raise UnreadableFile(_("This is neither an .xlsx workbook nor a .csv file."))
    if head.removeprefix(BOM_UTF8).lstrip().startswith(MARKUP):
        raise UnreadableFile(format_lazy("{} {}", _("This is a web page or a document, no workbook."), SAVE_AS_XLSX))
    return Format.CSV


def _reason_for_ole(path: Path) -> Text:
    content = path.read_bytes()
    if ENCRYPTED_PART in content:
        return _("The workbook is protected by a password. Remove the password and try again.")
    if any(part in content for part in OLD_WORKBOOK_PARTS):
        return format_lazy("{} {}", _("This is a workbook in the old .xls format."), SAVE_AS_XLSX)
    return _("This is neither an .xlsx workbook nor a .csv file.")


def _check_zip(path: Path) -> None:
    """Refuse what is not a plain workbook: broken, with macros, binary, or unpacking to an absurd size."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, LookupError) as error:
        raise UnreadableFile(_("The file is damaged and cannot be opened.")) from error
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_MB * MEGABYTE:
        raise UnreadableFile(format_lazy(_("The file unpacks to more than {limit} MB."), limit=MAX_UNPACKED_MB))
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(_("The workbook is protected by a password. Remove the password and try again."))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise UnreadableFile(format_lazy("{} {}", _("The workbook contains macros."), SAVE_AS_XLSX))
    if "xl/workbook.bin" in names:
        raise UnreadableFile(format_lazy("{} {}", _("This is a workbook in the .xlsb format."), SAVE_AS_XLSX))
    if "xl/workbook.xml" not in names:
        raise UnreadableFile(_("This is neither an .xlsx workbook nor a .csv file."))
