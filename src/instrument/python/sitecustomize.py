"""Put in front of PYTHONPATH for programs that the editor launches: traces them, then gives way to the `sitecustomize` of the user's own.

Python imports the first `sitecustomize` of its path before the program (module `site`). This one leaves nothing behind: its folder goes off
`sys.path` again, and the module that the program finds under this name, errors in it included, is the one that it would have had. PYTHONPATH is
kept, so that child processes are traced too.
"""

import sys


def _trace():
    try:
        import spanhop_instrument

        spanhop_instrument.start()
    except Exception:  # A program must start, whatever is wrong with its traces.
        pass


def _give_way():
    import os

    def same(entry):
        return os.path.normcase(os.path.abspath(entry)) == own

    own = os.path.normcase(os.path.dirname(os.path.abspath(__file__)))
    sys.path[:] = [entry for entry in sys.path if not entry or not same(entry)]
    sys.modules.pop(__name__, None)


_trace()
_give_way()
# The next one of the path. Where there is none, `site` hears what it would have heard without us: no module of this name.
import sitecustomize  # noqa: E402,F401
