"""Invented uploads for tests."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def picture(name: str = "门头", colour: tuple[int, int, int] = (47, 74, 158)) -> SimpleUploadedFile:
    """A small PNG."""
    target = io.BytesIO()
    Image.new("RGB", (32, 20), colour).save(target, "PNG")
    return SimpleUploadedFile(f"{name}.png", target.getvalue(), "image/png")
