"""Flask, FastAPI and Starlette: an application is instrumented when it is first called, unless the program has done so by then.

Their instrumentors would put another class in place of the library's, and an application that was made of it cannot be given to
`instrument_app` again: the program's own options would be lost.
"""

import sys

from spanhop_instrument import tell
from spanhop_instrument.imports import watch
from spanhop_instrument.instrumentors import load, quiet

APPLICATIONS = frozenset(("flask", "fastapi", "starlette"))

# How each is told to be instrumented already, by all instrumentors.
_MARK = "_is_instrumented_by_opentelemetry"


def applications(folder, module, awaken):
    """@param module the library's, imported; @param awaken what comes with the first instrumentation"""
    awaken()
    if folder == "flask":
        found = load("flask")
        if found:
            _at_first_wsgi_call(module.Flask, lambda app: _instrument_flask(found[0], app))
    else:
        instrumentor = next(iter(load(folder)), None)
        if instrumentor is not None:
            _instrumentors[folder] = instrumentor
            watch("starlette.applications", _watch_starlette)


_instrumentors = {}
_watched = set()


def _watch_starlette(module):
    if "starlette" not in _watched:
        _watched.add("starlette")
        _at_first_asgi_call(module.Starlette, _instrument_asgi)


def _instrument_flask(instrumentor, app):
    instrumentor.instrument_app(app)
    # The span begins in a function of `before_request`: in the first one, so that the program's own are inside.
    functions = app.before_request_funcs.get(None, [])
    if functions and functions[-1].__module__.startswith("opentelemetry."):
        functions.insert(0, functions.pop())


def _instrument_asgi(app):
    fastapi = sys.modules.get("fastapi")
    kind = "fastapi" if fastapi is not None and isinstance(app, fastapi.FastAPI) else "starlette"
    if kind in _instrumentors and app.middleware_stack is None:
        _instrumentors[kind].instrument_app(app)


def _once(app, instrument):
    if getattr(app, _MARK, False):
        return
    try:
        setattr(app, _MARK, False)
        with quiet():
            instrument(app)
        setattr(app, _MARK, True)
    except Exception as error:
        tell(error)


def _at_first_wsgi_call(cls, instrument):
    call = cls.__call__

    def __call__(self, environ, start_response):
        if not getattr(self, _MARK, False):
            _once(self, instrument)
        return call(self, environ, start_response)

    cls.__call__ = __call__


def _at_first_asgi_call(cls, instrument):
    call = cls.__call__

    async def __call__(self, scope, receive, send):
        # An application inside another one is a part of the request that is traced already.
        if not getattr(self, _MARK, False) and "app" not in scope:
            _once(self, instrument)
        await call(self, scope, receive, send)

    cls.__call__ = __call__
