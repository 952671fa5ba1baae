"""Which import wakes which instrumentation."""

import os

# By the folder of the instrumentation below `opentelemetry/instrumentation`, where the library's module has another name.
# Source: `package.py` of each instrumentation of opentelemetry-python-contrib, `_instruments`.
_MODULES = {
    "aiohttp_client": ("aiohttp",),
    "aiohttp_server": ("aiohttp",),
    "anthropic": ("anthropic",),
    "boto3sqs": ("boto3",),
    "django": ("django.core.handlers.base",),
    "google_genai": ("google.genai",),
    "kafka": ("kafka",),
    "mysql": ("mysql.connector",),
    "mysqlclient": ("MySQLdb",),
    "openai_agents": ("agents",),
    "openai_v2": ("openai",),
    "pyramid": ("pyramid.config",),
    "starlette": ("starlette.applications",),
    "tornado": ("tornado.web",),
    "tortoiseorm": ("tortoise",),
    "urllib": ("urllib.request",),
    "vertexai": ("vertexai",),
}

# With the first span's library, if that is there: they carry the context along, or have nothing to be imported.
WITH_OTHERS = frozenset(("asyncio", "threading", "logging"))

# Helpers of others, and what makes no spans.
_NONE = frozenset(("asgi", "auto_instrumentation", "dbapi", "wsgi", "system_metrics", "exceptions"))


def installed(path):
    """
    Instrumentations in the folders of `path`: name of the folder to the modules that wake it. None where there is no SDK to make spans for them. A look at
    the disk, nothing is imported.
    """
    found = {}
    if not any(_has_sdk(entry) for entry in path):
        return found
    for entry in path:
        try:
            names = os.listdir(os.path.join(entry, "opentelemetry", "instrumentation"))
        except (OSError, ValueError, TypeError):
            continue
        for name in names:
            if name not in _NONE and "." not in name and not name.startswith("_"):
                found[name] = _MODULES.get(name, (name,))
    return found


def _has_sdk(entry):
    try:
        return os.path.exists(os.path.join(entry, "opentelemetry", "sdk"))
    except (ValueError, TypeError):
        return False
