"""Tells when a module has been imported, without importing it."""

import sys
from _thread import get_ident

from spanhop_instrument import tell


def watch(name, callback):
    """Calls back with the module once it has been executed; at once if it is there already."""
    module = sys.modules.get(name)
    if module is not None and not _is_being_imported(module):
        _call(callback, module)
        return
    _finder.callbacks.setdefault(name, []).append(callback)
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)


def _is_being_imported(module):
    return getattr(getattr(module, "__spec__", None), "_initializing", False)


def _call(callback, module):
    try:
        callback(module)
    except Exception as error:
        tell(error)


class _Finder:
    """Finds nothing itself: it lets the others find, and has what they found run through `_Loader`."""

    def __init__(self):
        self.callbacks = {}
        self._busy = set()

    def find_spec(self, name, path=None, target=None):
        if name not in self.callbacks:
            return None
        # Other finders of this kind ask all finders in their turn.
        key = (name, get_ident())
        if key in self._busy:
            return None
        self._busy.add(key)
        try:
            spec = self._found(name, path, target)
        finally:
            self._busy.discard(key)
        loader = getattr(spec, "loader", None)
        if loader is not None and hasattr(loader, "exec_module"):
            try:
                spec.loader = _Loader(loader)
            except Exception as error:
                tell(error)
        return spec

    def _found(self, name, path, target):
        for finder in list(sys.meta_path):
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = None if find is None else find(name, path, target)
            if spec is not None:
                return spec
        return None

    def invalidate_caches(self):
        pass

    def executed(self, name, module):
        for callback in self.callbacks.pop(name, ()):
            # Some modules put another one in their place.
            _call(callback, sys.modules.get(name, module))


class _Loader:
    """The module's own loader, which takes its place again before the module runs: `__loader__` and `__spec__` are as always."""

    def __init__(self, loader):
        self._loader = loader

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        create = getattr(self._loader, "create_module", None)
        return None if create is None else create(spec)

    def exec_module(self, module):
        loader = self._loader
        try:
            module.__spec__.loader = loader
            module.__loader__ = loader
        except Exception as error:
            tell(error)
        loader.exec_module(module)
        _finder.executed(module.__name__, module)


_finder = _Finder()
