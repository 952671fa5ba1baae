import sys

print("path", [entry for entry in sys.path if "instrument" in entry])
print("sitecustomize", getattr(sys.modules.get("sitecustomize"), "__file__", None))
print("modules", sorted(name for name in sys.modules if name.startswith("opentelemetry")))
print("loader", type(__import__("json").__loader__).__name__)
