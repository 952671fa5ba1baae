"""
Run by the editor with the interpreter of a program: which OpenTelemetry packages its environment has, and which it would need. Prints one line of JSON.
Reads the names of installed packages alone; imports none of them, and writes nothing.
"""

import json
import os
import sys

# The folder of this file has modules of its own.
sys.path[:] = [entry for entry in sys.path if entry and os.path.abspath(entry) != os.path.dirname(os.path.abspath(__file__))]

# Instrumentations by the library that they need, and the first version that they no longer take. Source: `bootstrap_gen.py` and each `package.py` of
# opentelemetry-python-contrib 0.66b1. Those that make metrics only, or a span for everything, are left out.
_LIBRARIES = {
    "aio-pika": ("aio-pika", (11,)),
    "aiohttp": ("aiohttp-client aiohttp-server", (4,)),
    "aiokafka": ("aiokafka", (1,)),
    "aiopg": ("aiopg", (2,)),
    "asyncpg": ("asyncpg", None),
    "boto3": ("boto3sqs", (2,)),
    "botocore": ("botocore", (2,)),
    "cassandra-driver": ("cassandra", (4,)),
    "celery": ("celery", (6,)),
    "confluent-kafka": ("confluent-kafka", (3,)),
    "django": ("django", None),
    "falcon": ("falcon", (5,)),
    "fastapi": ("fastapi", (1,)),
    "flask": ("flask", None),
    "grpcio": ("grpc", None),
    "httpx": ("httpx", None),
    "kafka-python": ("kafka-python", (4,)),
    "mysql-connector-python": ("mysql", None),
    "mysqlclient": ("mysqlclient", (3,)),
    "pika": ("pika", None),
    "psycopg": ("psycopg", None),
    "psycopg2": ("psycopg2", None),
    "psycopg2-binary": ("psycopg2", None),
    "pymemcache": ("pymemcache", (5,)),
    "pymongo": ("pymongo", (5,)),
    "pymssql": ("pymssql", (3,)),
    "pymysql": ("pymysql", (2,)),
    "pyramid": ("pyramid", None),
    "redis": ("redis", None),
    "remoulade": ("remoulade", None),
    "requests": ("requests", (3,)),
    "sqlalchemy": ("sqlalchemy", (2, 1)),
    "starlette": ("starlette", None),
    "tornado": ("tornado", None),
    "tortoise-orm": ("tortoiseorm", None),
    "urllib3": ("urllib3", (3,)),
}
# For Python's own modules.
_ALWAYS = ("sqlite3", "threading", "urllib")
_PREFIX = "opentelemetry-instrumentation-"


def installed():
    """Names as PyPI compares them, to versions: by the names of folders, which is fifty times as fast as reading what they hold."""
    found = {}
    for entry in sys.path:
        try:
            files = os.listdir(entry)
        except OSError:
            continue
        for file in files:
            stem, kind = os.path.splitext(file)
            if kind in (".dist-info", ".egg-info"):
                name, _, version = stem.partition("-")
                found.setdefault(name.lower().replace("_", "-").replace(".", "-"), version.partition("-")[0])
    return found


def numbers(version):
    result = []
    for part in str(version).split("."):
        digits = "".join(c for c in part if c.isdigit())
        if not digits or not part[0].isdigit():
            break
        result.append(int(digits))
        if digits != part:
            break
    return tuple(result)


def wanted(found):
    """Instrumentations for what is installed, and for Python's own modules."""
    names = set(_ALWAYS)
    for library, (instrumentations, limit) in _LIBRARIES.items():
        if library in found and (limit is None or numbers(found[library]) < limit):
            names.update(instrumentations.split())
    # FastAPI's takes its place.
    if "fastapi" in names:
        names.discard("starlette")
    return sorted(name for name in names if _PREFIX + name not in found)


def requirements(found):
    """What to install, so that nothing of OpenTelemetry that is there already gets another version. Instrumentation 0.(n + 21)b(p) belongs to API 1.n.p."""
    sdk = "opentelemetry-sdk"
    api = numbers(found.get("opentelemetry-api", ""))
    pinned = len(api) == 3 and api[0] == 1
    list_ = [] if sdk in found else [sdk + ("==" + found["opentelemetry-api"] if pinned else "")]
    common = found.get("opentelemetry-instrumentation")
    version = "==" + common if common else "==0.%db%d" % (api[1] + 21, api[2]) if pinned else ""
    return list_ + [_PREFIX + name + version for name in wanted(found)]


def managed():
    """Whether the system's package manager forbids to install here. Source: PEP 668."""
    if sys.prefix != sys.base_prefix:
        return False
    import sysconfig

    return os.path.exists(os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED"))


def main():
    found = installed()
    print(
        json.dumps(
            {
                "executable": sys.executable,
                "prefix": sys.prefix,
                "version": "%d.%d.%d" % sys.version_info[:3],
                "hasSdk": "opentelemetry-sdk" in found,
                "instrumentations": sorted(name[len(_PREFIX) :] for name in found if name.startswith(_PREFIX)),
                "requirements": requirements(found),
                "hasPip": "pip" in found,
                "isManaged": managed(),
            }
        )
    )


if __name__ == "__main__":
    main()
