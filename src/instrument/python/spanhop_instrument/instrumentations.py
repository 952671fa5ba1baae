"""Runs the instrumentations that are installed, each when its library is imported, as `opentelemetry-instrument` would at once.

A program that calls an instrumentation itself has its way: ours is taken off first, so that its options hold and nothing is traced twice.
"""

import os

from spanhop_instrument import tell
from spanhop_instrument.applications import APPLICATIONS, applications
from spanhop_instrument.instrumentors import load, quiet
from spanhop_instrument.provider import prepare
from spanhop_instrument.sqlite import trace_shortcuts
from spanhop_instrument.targets import WITH_OTHERS
from spanhop_instrument.views import watch_celery

# Instrumentors that run because of us, by id; the objects are kept, so that an id stays theirs.
_ours = {}
# What is done once an instrumentation runs.
_FINISHED = {"celery": watch_celery, "sqlite3": trace_shortcuts}
_awake = False
_loading = 0


def watch(found, when_imported):
    """@param found folder of the instrumentation to the modules that wake it"""
    disabled = _disabled()
    if "*" in disabled:
        return
    others = []
    for folder, modules in found.items():
        if _plain(folder) in disabled:
            continue
        if folder in WITH_OTHERS:
            others.append(folder)
            continue
        for module in modules:
            when_imported(module, _waker(folder, others))
    when_imported("opentelemetry.instrumentation.instrumentor", _let_program_win)


def _waker(folder, others):
    if folder == "django":
        return lambda module: _before_middleware(module, lambda: _wake(folder, others))
    if folder in APPLICATIONS:
        return lambda module: applications(folder, module, lambda: _awaken(others))
    return lambda module: _wake(folder, others)


def _awaken(others):
    global _awake
    if not _awake:
        _awake = True
        prepare()
        for name in others:
            _instrument(name)


def _wake(folder, others):
    _awaken(others)
    _instrument(folder)


def _instrument(folder):
    global _loading
    _loading += 1
    try:
        for instrumentor in load(folder):
            if not _is_disabled(instrumentor, folder):
                _ours[id(instrumentor)] = instrumentor
                with quiet():
                    instrumentor.instrument()
        finish = _FINISHED.get(folder)
        if finish is not None:
            finish()
    except Exception as error:
        tell(error)
    finally:
        _loading -= 1


def _plain(name):
    return name.strip().replace("-", "_").lower()


def _disabled():
    return {_plain(name) for name in os.environ.get("OTEL_PYTHON_DISABLED_INSTRUMENTATIONS", "").split(",")}


def _is_disabled(instrumentor, folder):
    """By the name of its entry point, which is the folder's but where a package has several (`GrpcInstrumentorClient`: `grpc_client`)."""
    words = "".join("_" + c.lower() if c.isupper() else c for c in type(instrumentor).__name__)
    return bool({folder, words.replace("_instrumentor", "").strip("_")} & _disabled())


def _let_program_win(module):
    """The program's own `XInstrumentor().instrument(…)` takes the place of ours."""
    base = module.BaseInstrumentor
    instrument = base.instrument

    def instrument_over_ours(self, *args, **kwargs):
        if not _loading and _ours.pop(id(self), None) is not None:
            try:
                self.uninstrument()
            except Exception as error:
                tell(error)
        return instrument(self, *args, **kwargs)

    base.instrument = instrument_over_ours


def _before_middleware(module, wake):
    """Django's instrumentation reads the settings: not before Django itself does."""
    handler = module.BaseHandler
    load_middleware = handler.load_middleware

    def load_traced(self, *args, **kwargs):
        handler.load_middleware = load_middleware
        wake()
        return load_middleware(self, *args, **kwargs)

    handler.load_middleware = load_traced
