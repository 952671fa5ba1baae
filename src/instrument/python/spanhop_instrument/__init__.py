"""Traces a program without a change to it, with the OpenTelemetry packages of its own environment.

Nothing is imported before the program needs it: importing a library that has an instrumentation, or OpenTelemetry itself, is what wakes this up
(`imports`). A program without OpenTelemetry packages pays for a few looks at the disk. Nothing is printed (`SPANHOP_DEBUG=1` tells on stderr what
failed), and nothing here raises into the program.

* `targets`, `instrumentations`: which import wakes which instrumentation; the program's own calls of them win.
* `provider`: the program's own tracer providers get our span processor; only a program that has none gets one of ours.
* `processor`: code attributes (`user_code`, `views`), and each span handed over as it starts and ends (`encode`, `stream`).
* `exporters`: what the program's exporters would send to the same receiver a second time is not sent.

Runs in Python 3.8 and later.
"""

import os
import sys

_started = False
try:
    folder_at_start = os.getcwd()
except OSError:
    folder_at_start = None


def start():
    """Called once, before the program. Never raises for reasons of the environment."""
    global _started
    if _started or not _is_wanted():
        return
    _started = True
    from spanhop_instrument import imports, provider, targets

    provider.watch(imports.watch)
    found = targets.installed(sys.path)
    if found:
        from spanhop_instrument import instrumentations

        instrumentations.watch(found, imports.watch)


def joined():
    """Called by `opentelemetry-instrument`, whose own `sitecustomize` won: entry point of the group `opentelemetry_pre_instrument`."""
    try:
        start()
        from spanhop_instrument import provider

        provider.join_present()
    except Exception as error:
        tell(error)


def tell(error):
    """What failed, for those who ask."""
    if os.environ.get("SPANHOP_DEBUG") == "1":
        try:
            import traceback

            traceback.print_exception(type(error), error, error.__traceback__)
        except Exception:
            pass


def _is_wanted():
    environment = os.environ
    if environment.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return False
    return bool(environment.get("SPANHOP_STREAM")) and not _is_debugger()


def _is_debugger():
    """Whether this process is a part of debugpy rather than the program: it inherits the program's environment."""
    # 3.8 and 3.9 have no orig_argv; what stands in argv this early is the same but for the interpreter's own options.
    words = getattr(sys, "orig_argv", None) or getattr(sys, "argv", None) or ()
    for word in words[:6]:
        path = word.replace("\\", "/").rstrip("/")
        if path.endswith(("debugpy/adapter", "debugpy/launcher", "debugpy/adapter/__main__.py", "debugpy/launcher/__main__.py")):
            return True
    return False
