"""Tracer providers: every one that the program makes gets our span processor; where spans are started and there is none, one of ours is made."""

import _thread
import os

from spanhop_instrument import tell

_EXPORTERS = (
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "opentelemetry.exporter.otlp.proto.grpc.trace_exporter",
    "opentelemetry.exporter.otlp.json.http.trace_exporter",
)

_prepared = None
_made = None
_making = False
_lock = _thread.RLock()


def watch(when_imported):
    when_imported("opentelemetry.trace", _watch_api)
    when_imported("opentelemetry.sdk.trace", lambda module: _watch_sdk(module, when_imported))
    # From the start: they import the SDK while they are imported themselves.
    for name in _EXPORTERS:
        when_imported(name, _watch_exporter)


def join_present():
    """Joins the provider that there is already."""
    import sys

    api = sys.modules.get("opentelemetry.trace")
    provider = getattr(api, "_TRACER_PROVIDER", None)
    if provider is not None and hasattr(provider, "_active_span_processor"):
        _join(provider)


def _watch_exporter(module):
    from spanhop_instrument.exporters import quieten

    quieten(module)


def _watch_sdk(module, when_imported):
    from spanhop_instrument import views

    views.watch(when_imported)
    provider = module.TracerProvider
    construct = provider.__init__

    def __init__(self, *args, **kwargs):
        construct(self, *args, **kwargs)
        _join(self)

    __init__.__wrapped__ = construct
    provider.__init__ = __init__


def _join(provider):
    """As its first processor: what it adds to a span, the program's own exporters see as well."""
    try:
        from spanhop_instrument.processor import Processor

        several = provider._active_span_processor
        present = getattr(several, "_span_processors", ())
        if any(isinstance(each, Processor) for each in present):
            return
        processor = Processor()
        if isinstance(present, tuple) and present:
            several._span_processors = (processor,) + present
        else:
            provider.add_span_processor(processor)
    except Exception as error:
        tell(error)


def _watch_api(module):
    """The first span of a program without a provider makes ours: not earlier, so that the program finds what it would have found without us."""
    proxy = module.ProxyTracer
    tracer = proxy._tracer

    def traced(self):
        if module._TRACER_PROVIDER is None:
            _provide(module)
        return tracer.fget(self)

    proxy._tracer = property(traced)
    set_provider = module.set_tracer_provider

    def set_tracer_provider(tracer_provider):
        if _made is not None and module._TRACER_PROVIDER is _made and tracer_provider is not _made:
            _give_way(module, tracer_provider)
        else:
            set_provider(tracer_provider)

    set_tracer_provider.__doc__ = set_provider.__doc__
    set_tracer_provider.__wrapped__ = set_provider
    module.set_tracer_provider = set_tracer_provider


def prepare():
    """
    Makes ours ahead of the first span, without anybody finding it: where threads or greenlets start the first ones side by side, none is lost while it
    is made.
    """
    global _prepared
    with _lock:
        if _prepared is not None or os.environ.get("OTEL_PYTHON_TRACER_PROVIDER"):
            return
        try:
            from opentelemetry.sdk.trace import TracerProvider

            # Sampler, limits and resource are those of the user's OTEL_* variables.
            _prepared = TracerProvider(shutdown_on_exit=False)
        except Exception as error:
            tell(error)


def _provide(module):
    global _made, _making
    with _lock:
        # Making it may start spans itself. Without an SDK it stays so: looking for one again with each span would cost too much.
        if _making or module._TRACER_PROVIDER is not None:
            return
        _making = True
        try:
            if os.environ.get("OTEL_PYTHON_TRACER_PROVIDER"):
                module.get_tracer_provider()
                return
            prepare()
            if _prepared is not None and module._TRACER_PROVIDER is None:
                module._set_tracer_provider(_prepared, log=False)
                _made = _prepared
        except Exception as error:
            tell(error)
        finally:
            _making = module._TRACER_PROVIDER is None


def _after_fork():
    # Another thread may have been at it: it is not in the child.
    global _lock, _making
    _lock = _thread.RLock()
    _making = False


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _give_way(module, provider):
    """The program sets its provider after the first spans: they go on, through the program's processors from now on."""
    try:
        several = getattr(provider, "_active_span_processor", None)
        if several is not None:
            _made._active_span_processor._span_processors = (several,)
    except Exception as error:
        tell(error)
    module._TRACER_PROVIDER = provider
