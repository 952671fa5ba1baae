"""Spans as messages of OTLP. The SDK's own encoder comes with an exporter, which need not be installed.

Source of the numbers of fields: opentelemetry/proto/trace/v1/trace.proto, common/v1/common.proto, resource/v1/resource.proto.
"""

import os
from struct import Struct

_FIXED64 = Struct("<Q").pack
_FIXED32 = Struct("<I").pack
_DOUBLE = Struct("<d").pack
_MASK = (1 << 64) - 1
# Values in values: what is deeper is told as text.
_DEEPEST = 8
# A span must fit a frame (16 MiB). Where it does not, its texts are cut.
_MOST_BYTES = (1 << 24) - 16
_SHORT_TEXT = 4096
_MOST_VALUES = 256


class Context:
    """A resource and a scope as the stream wants them. Keeps both, so that their ids stay theirs."""

    __slots__ = ("resource_spans", "scope_spans", "_kept")

    def __init__(self, resource, scope):
        self._kept = (resource, scope)
        attributes = dict(resource.attributes)
        # A resource is made before a process forks.
        attributes["process.pid"] = os.getpid()
        self.resource_spans = _message(b"\x0a", _attributes(b"\x0a", attributes)) + _text(b"\x1a", getattr(resource, "schema_url", None))
        self.scope_spans = b"" if scope is None else _scope(scope)


def _scope(scope):
    message = _text(b"\x0a", scope.name) + _text(b"\x12", scope.version) + _attributes(b"\x1a", getattr(scope, "attributes", None))
    return _message(b"\x0a", message) + _text(b"\x1a", getattr(scope, "schema_url", None))


def span_message(span, ended):
    """@param ended whether it has: a span in progress ends at 0"""
    message = _span(span, ended, None)
    return message if len(message) <= _MOST_BYTES else _span(span, ended, _SHORT_TEXT)


def _span(span, ended, most):
    context = span.get_span_context()
    parent = span.parent
    flags = (context.trace_flags & 0xFF) | 0x100
    parts = [
        b"\x0a\x10",
        context.trace_id.to_bytes(16, "big"),
        b"\x12\x08",
        context.span_id.to_bytes(8, "big"),
        _text(b"\x2a", span.name),
        b"\x30",
        _varint(span.kind.value + 1),
        b"\x39",
        _FIXED64((span.start_time or 0) & _MASK),
        b"\x41",
        _FIXED64((span.end_time or 0) & _MASK if ended else 0),
        _attributes(b"\x4a", _plain(getattr(span, "_attributes", None) or span.attributes), most),
    ]
    if context.trace_state:
        parts.append(_text(b"\x1a", context.trace_state.to_header()))
    if parent is not None:
        parts.append(b"\x22\x08" + parent.span_id.to_bytes(8, "big"))
        if parent.is_remote:
            flags |= 0x200
    parts.append(b"\x85\x01" + _FIXED32(flags))
    events, links = span.events, span.links
    if events:
        parts.extend(_event(each, most) for each in _bounded(events, most))
    if links:
        parts.extend(_link(each, most) for each in _bounded(links, most))
    parts.append(_count(b"\x50", span.dropped_attributes))
    parts.append(_count(b"\x60", span.dropped_events))
    parts.append(_count(b"\x70", span.dropped_links))
    status = span.status
    if status.status_code.value or status.description:
        parts.append(_message(b"\x7a", _text(b"\x12", status.description, most) + _count(b"\x18", status.status_code.value)))
    return b"".join(parts)


def _event(event, most):
    message = b"\x09" + _FIXED64((event.timestamp or 0) & _MASK) + _text(b"\x12", event.name, most)
    return _message(b"\x5a", message + _attributes(b"\x1a", event.attributes, most) + _count(b"\x20", _dropped(event)))


def _link(link, most):
    context = link.context
    message = b"\x0a\x10" + context.trace_id.to_bytes(16, "big") + b"\x12\x08" + context.span_id.to_bytes(8, "big")
    if context.trace_state:
        message += _text(b"\x1a", context.trace_state.to_header())
    message += _attributes(b"\x22", link.attributes, most) + _count(b"\x28", _dropped(link))
    return _message(b"\x6a", message + b"\x35" + _FIXED32((context.trace_flags & 0xFF) | 0x100 | (0x200 if context.is_remote else 0)))


def _dropped(thing):
    return getattr(thing, "dropped_attributes", 0) or 0


def _bounded(values, most):
    return values if most is None else list(values)[:_MOST_VALUES]


def _plain(attributes):
    """The SDK's own dictionary: reading it through its class takes a lock for each key."""
    return getattr(attributes, "_dict", attributes)


# Pairs that were encoded, by tag, key, value and its type (1 and True are one key): most spans say what others have said.
_pairs = {}
_MOST_PAIRS = 5000
_LONGEST_KEPT = 300


def _attributes(tag, attributes, most=None):
    if not attributes:
        return b""
    parts = []
    for key, value in _bounded(list(attributes.items()), most):
        kind = type(value)
        if kind is not str and kind is not int:
            parts.append(_pair(tag, key, value, most))
            continue
        known = (tag, key, value, kind)
        pair = _pairs.get(known)
        if pair is None:
            pair = _pair(tag, key, value, most)
            if len(pair) < _LONGEST_KEPT:
                if len(_pairs) >= _MOST_PAIRS:
                    _pairs.clear()
                _pairs[known] = pair
        parts.append(pair)
    return b"".join(parts)


def _pair(tag, key, value, most):
    return _message(tag, _text(b"\x0a", str(key), most) + _message(b"\x12", _value(value, 0, most)))


def _value(value, depth, most):
    kind = type(value)
    if kind is str:
        return _message(b"\x0a", _bytes_of(value, most))
    if kind is int:
        if -(1 << 63) <= value < 1 << 63:
            return b"\x18" + _varint(value & _MASK)
        return _message(b"\x0a", _bytes_of(str(value), most))
    if kind is bool:
        return b"\x10\x01" if value else b"\x10\x00"
    if kind is float:
        return b"\x21" + _DOUBLE(value)
    if value is None:
        return b""
    if isinstance(value, (bytes, bytearray)):
        return _message(b"\x3a", bytes(value if most is None else value[:most]))
    if depth < _DEEPEST:
        if isinstance(value, (list, tuple)):
            inner = b"".join(_message(b"\x0a", _value(each, depth + 1, most)) for each in _bounded(value, most))
            return _message(b"\x2a", inner)
        if hasattr(value, "items"):
            pairs = (
                _message(b"\x0a", _text(b"\x0a", str(key), most) + _message(b"\x12", _value(each, depth + 1, most)))
                for key, each in _bounded(list(value.items()), most)
            )
            return _message(b"\x32", b"".join(pairs))
    # Kinds of numbers and texts of the program's own.
    for base in (bool, int, float, str):
        if isinstance(value, base):
            return _value(base(value) if base is not str else str.__str__(value), depth, most)
    return _message(b"\x0a", _bytes_of(str(value), most))


def _bytes_of(text, most):
    # Half of a surrogate pair is no text for protobuf.
    return (text if most is None else text[:most]).encode("utf-8", "replace")


def _text(tag, text, most=None):
    return _message(tag, _bytes_of(str(text), most)) if text else b""


def _message(tag, content):
    length = len(content)
    return tag + (_SHORT[length] if length < 256 else _varint(length)) + content


def _count(tag, number):
    return tag + _varint(number) if number else b""


def _varint(number):
    if number < 128:
        return _SHORT[number]
    result = bytearray()
    while number > 127:
        result.append(number & 127 | 128)
        number >>= 7
    result.append(number)
    return bytes(result)


_SHORT = [bytes((n,)) if n < 128 else bytes((n & 127 | 128, n >> 7)) for n in range(256)]
