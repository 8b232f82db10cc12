"""Uploads are distrusted: known by their bytes, bounded in size, images drawn anew, names made harmless."""

import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kam.core.exceptions import DomainError

MAX_PIXELS = 40_000_000
NAME_LENGTH = 150
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
_IMAGES = {"PNG": ("image/png", ".png"), "JPEG": ("image/jpeg", ".jpg"), "WEBP": ("image/webp", ".webp")}
_OFFICE = {
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "ppt/presentation.xml": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
}
_ALLOWED = _("Allowed are PDF, PNG, JPEG, WebP, Word, Excel, PowerPoint and plain text.")


@dataclass(frozen=True)
class CheckedFile:
    """A file fit to be kept: `name` with the ending of its true type, `sha256` of what is stored."""

    content: ContentFile
    name: str
    content_type: str
    size: int
    sha256: str


def check_upload(upload: Any) -> CheckedFile:
    """Judge an upload by its bytes. Raises `DomainError` on the field `file` with the reason."""
    limit = settings.ATTACHMENT_MAX_BYTES
    if upload.size > limit:
        raise _refused(
            format_lazy(_("The file has {size} MB; {limit} MB are allowed."), size=_mb(upload.size), limit=_mb(limit))
        )
    content = upload.read()
    if not content:
        raise _refused(_("The file is empty."))
    content, content_type, ending = _recognise(content)
    return CheckedFile(
        content=ContentFile(content),
        name=_safe_name(upload.name, ending),
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _recognise(content: bytes) -> tuple[bytes, str, str]:
    readers: list[tuple[bool, Callable[[bytes], tuple[bytes, str, str]]]] = [
        (content.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff")), _redraw),
        (content[:4] == b"RIFF" and content[8:12] == b"WEBP", _redraw),
        (content.startswith(b"%PDF-"), lambda data: (data, "application/pdf", ".pdf")),
        (content.startswith(b"PK\x03\x04"), _office),
    ]
    for fits, reader in readers:
        if fits:
            return reader(content)
    return _plain_text(content)


def _redraw(content: bytes) -> tuple[bytes, str, str]:
    """Decode and encode the picture again: what hides in it, place and camera included, is gone."""
    try:
        with Image.open(io.BytesIO(content), formats=list(_IMAGES)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _refused(
                    format_lazy(_("The picture has more than {limit} megapixels."), limit=MAX_PIXELS // 10**6)
                )
            kind = picture.format or ""
            upright = ImageOps.exif_transpose(picture)
            clean = upright.convert("RGB") if kind == "JPEG" else upright.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _refused(_("The picture is damaged.")) from error
    target = io.BytesIO()
    clean.save(target, kind, **({"quality": 88} if kind == "JPEG" else {}))
    return target.getvalue(), *_IMAGES[kind]


def _office(content: bytes) -> tuple[bytes, str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError) as error:
        raise _refused(_("The file is damaged.")) from error
    if any(name.endswith("vbaProject.bin") for name in names):
        raise _refused(_("Documents with macros are not taken."))
    for part, (content_type, ending) in _OFFICE.items():
        if part in names:
            return content, content_type, ending
    raise _refused(_ALLOWED)


def _plain_text(content: bytes) -> tuple[bytes, str, str]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or text.lstrip()[:1] == "<" or any(ord(char) < 9 for char in text[:4096]):
            break
        return (
            content,
            "text/plain; charset=utf-8" if encoding == "utf-8-sig" else "text/plain; charset=gb18030",
            ".txt",
        )
    raise _refused(_ALLOWED)


def _safe_name(name: str, ending: str) -> str:
    """The upload's own name without paths, marks that mislead and a false ending."""
    plain = _UNSAFE.sub("", unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])).strip(" .")
    path = PurePosixPath(plain or "file")
    alike = {".jpeg": ".jpg", ".csv": ".txt", ".md": ".txt", ".log": ".txt"}
    own = path.suffix.lower()
    kept = path.suffix if alike.get(own, own) == ending else ending
    return f"{path.stem[: NAME_LENGTH - len(kept)] or 'file'}{kept}"


def _mb(size: int) -> str:
    return f"{size / 1024 / 1024:.0f}"


def _refused(reason: Any) -> DomainError:
    return DomainError(reason, "file")
