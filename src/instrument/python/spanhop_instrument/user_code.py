"""The first frame of the user's own code at the start of a span, as OpenTelemetry's `code.*` attributes.

Never a frame of a library: not of the standard library, of installed packages, of scripts that packages install, of the debugger, of this folder,
nor what has no file (`<string>`, `<frozen …>`).
"""

import os
import sys

from spanhop_instrument import folder_at_start, tell

FUNCTION, FILE, LINE = "code.function.name", "code.file.path", "code.line.number"

_USER, _LIBRARY, _LOOP, _SDK = 1, 2, 3, 4

# Server and consumer (`SpanKind`): they begin in a framework, and whoever called that has only started it. `views` knows what runs for them.
_BEGUN_ELSEWHERE = frozenset(("SERVER", "CONSUMER"))

# What runs everybody's callbacks: below are those who started it, not who made the span. By file, within its folder.
_LOOPS = {
    "asyncio/base_events.py": frozenset(("run_forever", "run_until_complete", "_run_once")),
    "asyncio/events.py": frozenset(("_run",)),
    "asyncio/runners.py": frozenset(("run",)),
    "_core/_run.py": frozenset(("unrolled_run", "run")),
    "socketserver.py": frozenset(("serve_forever", "handle_request")),
    "internet/base.py": frozenset(("mainLoop", "run")),
}
_LONGEST_PATH = 4096

_kinds = {}
_loops = {}
_attributes = {}


def code_at_start(kind, depth):
    """Attributes of the frame whose code is the user's; None where there is none. `kind` is the name of a `SpanKind`."""
    frame = sys._getframe(depth)
    through_library = False
    while frame is not None:
        code = frame.f_code
        file = code.co_filename
        what = _kinds.get(file)
        if what is None:
            what = _kind_of(file)
        if what == _USER:
            if through_library and kind in _BEGUN_ELSEWHERE:
                return None
            return _described(code, frame.f_lineno, frame.f_globals)
        if what == _LIBRARY:
            through_library = True
        elif what == _LOOP:
            if code.co_name in _loops[file]:
                return None
            through_library = True
        frame = frame.f_back
    return None


def code_of_function(function):
    """Attributes of a function's definition; None for what is not the user's own. Decorators, partial applications and bound methods are looked through."""
    for _ in range(32):
        inner = getattr(function, "__wrapped__", None) or getattr(function, "__func__", None) or getattr(function, "func", None)
        if inner is None or not callable(inner):
            break
        function = inner
    code = getattr(function, "__code__", None)
    if code is None:
        call = getattr(type(function), "__call__", None)
        code = getattr(call, "__code__", None)
        function = call
    if code is None or not is_users(code.co_filename):
        return None
    key = (code, -1)
    known = _attributes.get(key)
    if known is None:
        line = _line_of_definition(code)
        known = _remember(key, code, line, getattr(function, "__globals__", {}), getattr(function, "__qualname__", None))
    return known


def _described(code, line, names):
    return _attributes.get((code, line)) or _remember((code, line), code, line, names, None)


def _remember(key, code, line, names, qualified):
    module = names.get("__name__")
    name = qualified or getattr(code, "co_qualname", None) or code.co_name
    found = {FUNCTION: "%s.%s" % (module, name) if module else name, FILE: _absolute(code.co_filename)}
    if line:
        found[LINE] = line
    # A program that makes functions without end.
    if len(_attributes) > 20000:
        _attributes.clear()
    _attributes[key] = found
    return found


def _line_of_definition(code):
    """A function begins at its first decorator for Python, at `def` for people."""
    first = code.co_firstlineno
    try:
        with open(_absolute(code.co_filename), "rb") as file:
            for number, text in enumerate(file, 1):
                if number >= first and text.lstrip().startswith((b"def ", b"async ", b"class ", b"lambda")):
                    return number
                if number > first + 60:
                    break
    except (OSError, ValueError) as error:
        tell(error)
    return first


def is_users(file):
    """Whether a file has code of the user's own."""
    return (_kinds.get(file) or _kind_of(file)) == _USER


def _kind_of(file):
    what = _found_kind(file)
    if len(_kinds) > 20000:
        _kinds.clear()
    _kinds[file] = what
    return what


def _found_kind(file):
    if file.startswith("<") or not file or len(file) > _LONGEST_PATH:
        return _LIBRARY
    path = _absolute(file)
    plain = path.replace("\\", "/")
    for end, functions in _LOOPS.items():
        if plain.endswith("/" + end):
            _loops[file] = functions
            return _LOOP
    if plain.endswith("/contextlib.py"):
        return _SDK
    if "/opentelemetry/" in plain:
        return _LIBRARY if "/opentelemetry/instrumentation/" in plain else _SDK
    if _is_installed(plain, os.path.normcase(path)):
        return _LIBRARY
    return _USER if os.path.isfile(path) else _LIBRARY


def _is_installed(plain, path):
    parts = plain.split("/")
    if not _PACKAGES.isdisjoint(parts):
        return True
    # The debugger that comes with an extension, and what else extensions run in the program.
    if "/extensions/ms-python." in plain or "/debugpy/_vendored/" in plain:
        return True
    return path.startswith(_installed_folders())


_PACKAGES = frozenset(("site-packages", "dist-packages"))
_folders = None


def _installed_folders():
    global _folders
    if _folders is None:
        import contextlib

        own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        # Where the standard library is; `__file__` also where it was frozen or is a link.
        found = {own, os.path.dirname(os.path.abspath(contextlib.__file__)), os.path.dirname(os.path.abspath(os.__file__))}
        for prefix in (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix):
            version = "python%d.%d" % sys.version_info[:2]
            for lib in ("lib", "lib64"):
                found.add(os.path.join(prefix, lib, version))
            found.update((os.path.join(prefix, "bin"), os.path.join(prefix, "Scripts"), os.path.join(prefix, "Lib")))
        found.update(os.path.realpath(folder) for folder in list(found))
        _folders = tuple(os.path.normcase(folder) + os.sep for folder in found)
    return _folders


def _absolute(file):
    """Relative names (Python 3.8, of the program itself) are of the folder in which it was started."""
    if os.path.isabs(file) or folder_at_start is None:
        return file
    return os.path.normpath(os.path.join(folder_at_start, file))
