"""The span processor that every tracer provider of the program gets: says which code started a span, and hands over each that starts and ends."""

import os

from opentelemetry.sdk.trace import SpanProcessor

from spanhop_instrument import tell, user_code
from spanhop_instrument.encode import Context, span_message
from spanhop_instrument.stream import stream

_CODE_KEYS = frozenset((user_code.FUNCTION, user_code.FILE, "code.function", "code.filepath", "code.stacktrace"))
# Frames between the walk and whoever asked for the span: `code_at_start`, `on_start`.
_DEPTH = 2

_wants_code = os.environ.get("SPANHOP_CODE_ATTRIBUTES", "1") != "0"


class Processor(SpanProcessor):
    def on_start(self, span, parent_context=None):
        try:
            if span.get_span_context().trace_flags & 1:
                if _wants_code:
                    _add_code(span, user_code.code_at_start(span.kind.name, _DEPTH))
                _hand_over(span, False)
        except Exception as error:
            tell(error)

    def on_end(self, span):
        try:
            if span.get_span_context().trace_flags & 1:
                _hand_over(span, True)
        except Exception as error:
            tell(error)

    # What ends is handed over at once, and other providers' spans still come: there is nothing to wait for, nor to end.
    def shutdown(self):
        pass

    def force_flush(self, timeout_millis=30000):
        return True


def served_by(function):
    """The span of a request or message learns which function of the user's takes it."""
    try:
        from opentelemetry.trace import get_current_span

        span = get_current_span()
        # A span of another library's, below which the framework runs, has its own place.
        if not _wants_code or not span.is_recording() or span.kind.name not in ("SERVER", "CONSUMER"):
            return
        if _add_code(span, user_code.code_of_function(function)):
            _hand_over(span, False)
    except Exception as error:
        tell(error)


def _add_code(span, found):
    if found is None or not _CODE_KEYS.isdisjoint(span.attributes or ()):
        return False
    span.set_attributes(found)
    return True


_contexts = {}


def _hand_over(span, ended):
    resource = span.resource
    scope = span.instrumentation_scope
    key = (id(resource), id(scope))
    context = _contexts.get(key)
    if context is None:
        # Tests make providers by the thousand.
        if len(_contexts) > 500:
            _contexts.clear()
        context = _contexts[key] = Context(resource, scope)
    stream.hand_over(context, span_message(span, ended))


def _after_fork():
    # The process has another id.
    _contexts.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
