"""Hands spans over to the editor: each is one write on a connection that is there already, so that it arrives whatever becomes of the program next.

What the frames hold is told in `core/spanStream/wire.ts`. The kernel has taken the bytes when `send` returns: they arrive after `os._exit`, a crash
and SIGKILL alike. Only what it cannot take (the receiver is slow, or gone for a while) waits here, bounded, and no program waits for that longer
than a moment, at its end neither.

Sockets and threads are those of the C modules: programs put others in their place (gevent, eventlet, trio's tests), which must not run from here.
"""

import _socket
import _thread
import atexit
import os
import sys
from collections import deque
from time import monotonic

from spanhop_instrument import tell
from spanhop_instrument.address import address_of

_HEAD = b"SPANHOP/1 spans\n%s\n"
_ASK = b"answer: yes\n"
_OK = b"SPANHOP/1 ok\n"
_CONTEXT, _SPAN, _LOST = 1, 2, 3
_MOST_PAYLOAD = (1 << 24) - 1
# Contexts that one connection knows; then they are told anew.
_MOST_CONTEXTS = 1000
# What waits here at most, in bytes.
_MOST_WAITING = 16 << 20
_CONNECT_SECONDS = 0.25
# A full buffer of the kernel: so long does the program wait, once, until it is taken from again.
_FULL_SECONDS = 0.1
_END_SECONDS = 0.5
# How often what waits is looked at: while the receiver is slow, and while it is gone.
_SOON_SECONDS, _LATER_SECONDS = 0.05, 0.5
_RETRY_SECONDS = (0.5, 1, 2, 4, 8)
# A connection that has been silent for so long is looked at before it is used.
_SILENT_SECONDS = 0.2
_FLAGS = getattr(_socket, "MSG_NOSIGNAL", 0)
_SO_NOSIGPIPE = 0x1022  # macOS


class Stream:
    def __init__(self, address):
        self._address = address
        self._begin()

    def _begin(self):
        # Reentrant: a signal's handler or a finalizer may end a span in the midst of handing one over.
        self._lock = _thread.RLock()
        self._busy = False
        self._socket = None
        self._identity = None
        self._numbers = {}
        self._waiting = deque()
        self._waiting_bytes = 0
        # The rest of bytes of which the kernel has taken the first.
        self._rest = b""
        self._in_flight = []
        self._lost = 0
        self._is_full = False
        self._failures = 0
        self._next_try = 0.0
        self._last_used = 0.0
        self._was_connected = False
        self._drains = False
        self._has_finished = False

    def hand_over(self, context, message):
        if self._address is None:
            return
        with self._lock:
            self._waiting.append((context, message))
            self._waiting_bytes += len(message)
            if self._busy:
                return
            self._busy = True
            try:
                self._bound()
                if self._write(_FULL_SECONDS) and self._has_finished:
                    self._close()
            except Exception as error:
                tell(error)
            finally:
                self._busy = False
            if (self._waiting or self._rest) and not self._has_finished:
                self._drain_later()

    def finish(self):
        """
        At the program's end: what waits is given a moment. No socket is left for the interpreter to find unclosed (Python 3.8 crashes over it, all
        can be told to print a warning); spans that end later have a connection of their own.
        """
        self._has_finished = True
        until = monotonic() + _END_SECONDS
        if not self._lock.acquire(timeout=_END_SECONDS):
            return
        try:
            while (self._waiting or self._rest) and not self._busy:
                self._next_try = 0.0
                left = until - monotonic()
                if left <= 0 or not self._write(left):
                    break
            if not self._busy:
                self._close()
        except Exception as error:
            tell(error)
        finally:
            self._lock.release()

    def after_fork(self):
        """In the child: the connection is the parent's, and so is what waits. Closing here leaves it open there."""
        connection = self._socket
        self._begin()
        if connection is not None:
            connection.close()

    def _bound(self):
        while self._waiting_bytes > _MOST_WAITING and len(self._waiting) > 1:
            self._waiting_bytes -= len(self._waiting.popleft()[1])
            self._lost += 1

    def _write(self, seconds):
        """Whether all is written. `seconds`: how long a full buffer may be waited for."""
        if not self._is_usable() and not self._connect():
            return False
        while self._waiting or self._rest:
            if not self._rest:
                self._in_flight = []
                self._rest = self._next_bytes()
            if not self._send(seconds):
                return False
        return True

    def _next_bytes(self):
        parts = []
        size = 0
        if self._lost:
            parts.append(_frame(_LOST, min(self._lost, 0xFFFFFFFF).to_bytes(4, "big")))
            self._lost = 0
        while self._waiting and size < 65536:
            context, message = self._waiting.popleft()
            self._in_flight.append((context, message))
            self._waiting_bytes -= len(message)
            size += len(message)
            if len(message) + 2 > _MOST_PAYLOAD:
                self._lost += 1
                continue
            number = self._numbers.get(context)
            if number is None:
                number = self._tell_context(context, parts)
            parts.append(_frame(_SPAN, number + message))
        return b"".join(parts)

    def _tell_context(self, context, parts):
        if len(self._numbers) >= _MOST_CONTEXTS:
            self._numbers.clear()
        number = len(self._numbers).to_bytes(2, "big")
        self._numbers[context] = number
        head = context.resource_spans
        parts.append(_frame(_CONTEXT, number + len(head).to_bytes(4, "big") + head + context.scope_spans))
        return number

    def _send(self, seconds):
        connection = self._socket
        try:
            try:
                sent = connection.send(self._rest, _FLAGS)
            except BlockingIOError:
                if self._is_full and seconds == _FULL_SECONDS:
                    return False
                self._is_full = True
                connection.settimeout(seconds)
                try:
                    sent = connection.send(self._rest, _FLAGS)
                finally:
                    connection.settimeout(0.0)
            self._is_full = sent < len(self._rest)
            self._rest = self._rest[sent:]
            self._last_used = monotonic()
            return True
        except _TIMEOUTS:
            return False
        except OSError as error:
            tell(error)
            self._forget()
            return False

    def _is_usable(self):
        connection = self._socket
        if connection is None:
            return False
        try:
            # A program may have closed all files that it did not open: the number may be of another file now.
            if self._identity is not None and _identity_of(connection) != self._identity:
                connection.detach()
                self._forget()
                return False
            if monotonic() - self._last_used < _SILENT_SECONDS:
                return True
            try:
                # The receiver says when it stops ("end"), and closes.
                if connection.recv(64) == b"":
                    self._forget()
                    return False
                return self._is_usable()
            except BlockingIOError:
                return True
        except OSError as error:
            tell(error)
            self._forget()
            return False

    def _close(self):
        self._in_flight = []
        self._forget()

    def _forget(self):
        connection, self._socket = self._socket, None
        # What may have arrived is sent once more: a span that comes twice is one.
        self._rest = b""
        self._waiting.extendleft(reversed(self._in_flight))
        self._waiting_bytes += sum(len(message) for _, message in self._in_flight)
        self._in_flight = []
        self._numbers.clear()
        if connection is not None:
            try:
                connection.close()
            except OSError as error:
                tell(error)

    def _connect(self):
        if self._address is None or monotonic() < self._next_try:
            return False
        connection = None
        try:
            family = _socket.AF_INET6 if ":" in self._address[0] else _socket.AF_INET
            connection = _socket.socket(family, _socket.SOCK_STREAM)
            connection.settimeout(_CONNECT_SECONDS)
            connection.connect(self._address)
            connection.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
            if sys.platform == "darwin":
                connection.setsockopt(_socket.SOL_SOCKET, _SO_NOSIGPIPE, 1)
            self._greet(connection)
            connection.settimeout(0.0)
        except Exception as error:
            tell(error)
            if connection is not None:
                connection.close()
            self._next_try = monotonic() + _RETRY_SECONDS[min(self._failures, len(_RETRY_SECONDS) - 1)]
            self._failures += 1
            return False
        self._identity = _identity_of(connection)
        self._socket = connection
        self._was_connected = True
        self._failures = 0
        self._last_used = monotonic()
        return True

    def _greet(self, connection):
        # Where a receiver has been before, another program may listen now.
        asks = self._was_connected or self._failures > 0
        connection.send(_HEAD % (_ASK if asks else b""), _FLAGS)
        answer = b""
        while asks and answer != _OK:
            piece = connection.recv(64)
            answer += piece
            if not piece or not _OK.startswith(answer):
                raise OSError("no receiver of spans answers")

    def _drain_later(self):
        """What waits goes out as soon as it can, without the program's doing."""
        if self._drains:
            return
        self._drains = True
        try:
            _thread.start_new_thread(self._drain, ())
        except Exception as error:  # At the end of the interpreter.
            self._drains = False
            tell(error)

    def _drain(self):
        lock = self._lock
        try:
            while self._lock is lock:
                _sleep(_SOON_SECONDS if self._socket is not None else _LATER_SECONDS)
                with lock:
                    if self._busy:
                        continue
                    self._busy = True
                    try:
                        self._write(_FULL_SECONDS / 10)
                    finally:
                        self._busy = False
                    if not self._waiting and not self._rest:
                        self._drains = False
                        return
        except Exception as error:
            self._drains = False
            tell(error)


def _identity_of(connection):
    """Which file its number is of. On Windows sockets have numbers of their own, and nothing is told."""
    try:
        status = os.fstat(connection.fileno())
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _sleep(seconds):
    """`time.sleep` may be another one by now. A lock that nobody gives back is waited for."""
    lock = _thread.allocate_lock()
    lock.acquire()
    lock.acquire(True, seconds)


def _frame(kind, payload):
    return bytes((kind,)) + len(payload).to_bytes(3, "big") + payload


# `socket.timeout`, whose name has changed.
_TIMEOUTS = (getattr(_socket, "timeout", TimeoutError), TimeoutError)

stream = Stream(address_of(os.environ.get("SPANHOP_STREAM")))
atexit.register(stream.finish)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=stream.after_fork)
