"""Pillow: what an image file says beside its pixels, by EXIF, XMP and text chunks. Pixels are not decoded."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from governance.errors import MissingExtra

_GPS_FOLDER, _EXIF_FOLDER = 0x8825, 0x8769
_PERSON_TAGS = (0x013B, 0x9C9D, 0xA430)  # Artist, XPAuthor, CameraOwnerName
_SERIAL_TAGS = (0xA431, 0xA435, 0xC62F)  # BodySerialNumber, LensSerialNumber, CameraSerialNumber
_TIME_TAGS = (0x0132, 0x9003, 0x9004)
_TEXT_TAGS = (0x010E, 0x9C9B, 0x9C9C, 0x9286, 0x8298, *_PERSON_TAGS)  # descriptions, comments, copyright
_POSITION = (0x0002, 0x0004)  # GPSLatitude, GPSLongitude


@dataclass(frozen=True)
class ImageMetadata:
    """What a file tells of the person who made it."""

    position: bool
    """Whether it holds a latitude or longitude."""
    person: bool
    """Whether it names an artist or owner."""
    serial: bool
    """Whether it holds the serial number of a camera or lens."""
    time: bool
    """Whether it says when the picture was taken."""
    texts: tuple[str, ...]
    """Descriptions, comments and text chunks. Dataset content: never to be shown."""


def read_metadata(content: bytes) -> ImageMetadata | None:
    """Metadata of one image file; None when it cannot be read."""
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        raise MissingExtra("pillow") from None
    try:
        with Image.open(BytesIO(content)) as image:
            exif = image.getexif()
            tags: dict[int, object] = dict(exif) | dict(exif.get_ifd(_EXIF_FOLDER))
            gps = exif.get_ifd(_GPS_FOLDER)
            info = dict(image.info)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    texts = [_text(tags[tag]) for tag in _TEXT_TAGS if tag in tags]
    # XMP and other blocks may repeat the position as text.
    texts += [
        _text(value) for key, value in sorted(info.items(), key=str) if key != "exif" and isinstance(value, str | bytes)
    ]
    said = tuple(text for text in texts if text.strip())
    return ImageMetadata(
        position=any(gps.get(tag) for tag in _POSITION) or any("GPSLatitude" in text for text in said),
        person=any(_text(tags.get(tag, "")).strip() for tag in _PERSON_TAGS),
        serial=any(_text(tags.get(tag, "")).strip() for tag in _SERIAL_TAGS),
        time=any(_text(tags.get(tag, "")).strip() for tag in _TIME_TAGS),
        texts=said,
    )


def _text(value: object) -> str:
    if isinstance(value, bytes):
        wide = value[1::2].count(0) > len(value) // 4
        return value.decode("utf-16-le" if wide else "utf-8", errors="replace").replace("\0", " ")
    return str(value).replace("\0", " ")
