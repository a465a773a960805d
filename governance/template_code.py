"""Code that Jinja made of templates, kept while the process lives: to compile them takes longer than to render them."""

from __future__ import annotations

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class TemplateCode(BytecodeCache):
    """Nothing on disk, where somebody could replace it.

    Jinja asks by the template's name and path and compares a checksum of the source as it is now, so an edited template
    is compiled anew. Environments that escape otherwise make other code of the same source and need one each.
    """

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill `bucket` when its template was compiled before."""
        if (code := self._known.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._known[bucket.key] = bucket.bytecode_to_string()
