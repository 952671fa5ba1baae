"""
`connection.execute(…)` of sqlite3, which small programs call: the instrumentation knows statements of cursors only. Where the user's own code calls;
libraries and tools (coverage) keep their books that way.
"""

import sys

from spanhop_instrument.user_code import is_users

def trace_shortcuts():
    from opentelemetry.instrumentation.dbapi import TracedConnectionProxy

    for name in ("execute", "executemany"):
        if not any(name in vars(cls) for cls in TracedConnectionProxy.__mro__):
            setattr(TracedConnectionProxy, name, property(_through_cursor(name)))


def _through_cursor(name):
    def shortcut(self):
        import sqlite3

        connection = self.__wrapped__
        # No such thing: as without us. Other databases' connections have the name too, and subclasses their own way.
        own = getattr(connection, name)
        if getattr(type(connection), name, None) is not getattr(sqlite3.Connection, name):
            return own

        def run(*args, **kwargs):
            by_user = is_users(sys._getframe(1).f_code.co_filename)
            return (getattr(self.cursor(), name) if by_user else own)(*args, **kwargs)

        return run

    return shortcut
