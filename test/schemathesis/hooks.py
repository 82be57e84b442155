"""What Schemathesis cannot know of a request that is to be accepted."""

import re
import uuid

import schemathesis
from schemathesis.generation import GenerationMode

ENTITY_TAGS = re.compile(r'\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*')


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    # A cursor is given out by a list, so that none that is made up is valid.
    if case.query:
        case.query.pop("cursor", None)
    # It follows what an answer refers to, also where that is null.
    for name, value in (case.path_parameters or {}).items():
        if value in (None, "None"):
            case.path_parameters[name] = str(uuid.UUID(int=0))
    headers = case.headers or {}
    # The same key with another request is refused, and values that are generated repeat.
    if "Idempotency-Key" in headers:
        headers["Idempotency-Key"] = str(uuid.uuid4())
    # It calls "0" valid here, which the pattern of the field in the document does not match.
    for name in ("If-Match", "If-None-Match"):
        if name in headers and not ENTITY_TAGS.fullmatch(str(headers[name])):
            headers[name] = "*"
