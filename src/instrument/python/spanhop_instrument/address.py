"""Where the receiver listens."""


def address_of(text):
    """Host and port of `host:port`, with a scheme before it or a path behind it; None for what is none."""
    if not isinstance(text, str):
        return None
    authority = text.strip().split("://", 1)[-1].split("/", 1)[0].rsplit("@", 1)[-1]
    host, colon, port = authority.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        return None
    host = host.strip("[]").lower()
    return ("127.0.0.1" if host in ("", "localhost") else host), int(port)
