import os
import signal
import sys
import time

from opentelemetry import trace

tracer = trace.get_tracer("program")
how = sys.argv[1]
with tracer.start_as_current_span("request"):
    tracer.start_span("step").end()
    if how == "sys.exit":
        sys.exit(3)
    if how == "os._exit":
        os._exit(4)
    if how == "raise":
        raise ValueError("no")
    if how == "fork":
        child = os.fork()
        if child == 0:
            tracer.start_span("child").end()
            os._exit(0)
        os.waitpid(child, 0)
    if how.startswith("SIG"):
        os.kill(os.getpid(), getattr(signal, how))
        time.sleep(30)
