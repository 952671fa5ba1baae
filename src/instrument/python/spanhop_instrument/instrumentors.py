"""The instrumentors of a package below `opentelemetry.instrumentation`."""

from importlib import import_module

from spanhop_instrument import tell


def load(folder):
    """Those that fit the library's version and that nobody has run yet; a conflict would be logged as an error, and the program has not asked."""
    with quiet():
        module = import_module("opentelemetry.instrumentation." + folder)
        base = import_module("opentelemetry.instrumentation.instrumentor").BaseInstrumentor
        return [each for each in _instances(module, base) if _fits(each) and not each.is_instrumented_by_opentelemetry]


def _instances(module, base):
    import inspect

    for name, value in list(vars(module).items()):
        is_ours = inspect.isclass(value) and issubclass(value, base) and value.__module__ == module.__name__
        if is_ours and not name.startswith("_") and not inspect.isabstract(value):
            yield value()


def _fits(instrumentor):
    try:
        return instrumentor._check_dependency_conflicts() is None
    except Exception as error:
        tell(error)
        return False


class quiet:
    """Warnings of what is imported for us are not the program's."""

    def __enter__(self):
        import warnings

        self._kept = warnings.catch_warnings()
        self._kept.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, *error):
        self._kept.__exit__(*error)
