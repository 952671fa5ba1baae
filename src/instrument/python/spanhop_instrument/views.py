"""Which function of the user's takes a request: when its span begins, only the framework runs."""

from spanhop_instrument import tell


def watch(when_imported):
    when_imported("flask.app", _watch_flask)
    when_imported("starlette.routing", _watch_starlette)
    when_imported("django.core.handlers.base", _watch_django)


def _served_by(function):
    if function is not None:
        from spanhop_instrument.processor import served_by

        served_by(function)


def _watch_flask(module):
    flask = module.Flask
    dispatch = flask.dispatch_request

    def dispatch_request(self, *args, **kwargs):
        try:
            from flask import request

            rule = request.url_rule
            if rule is not None:
                _served_by(_of_class(self.view_functions.get(rule.endpoint), request.method))
        except Exception as error:
            tell(error)
        return dispatch(self, *args, **kwargs)

    dispatch_request.__wrapped__ = dispatch
    flask.dispatch_request = dispatch_request


def _of_class(view, method):
    """The method of a view class that answers: Flask's and Django's keep the class at the function that they make."""
    cls = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if cls is None:
        return view
    return getattr(cls, (method or "get").lower(), None) or getattr(cls, "dispatch_request", None) or getattr(cls, "dispatch", None) or view


def _watch_starlette(module):
    for route in (module.Route, module.WebSocketRoute):
        _wrap_route(route)


def _wrap_route(route):
    handle = route.handle

    async def handle_served(self, scope, receive, send):
        try:
            _served_by(_of_endpoint(self.endpoint, scope.get("method")))
        except Exception as error:
            tell(error)
        await handle(self, scope, receive, send)

    handle_served.__wrapped__ = handle
    route.handle = handle_served


def _of_endpoint(endpoint, method):
    if isinstance(endpoint, type):
        return getattr(endpoint, (method or "on_receive").lower(), None) or getattr(endpoint, "dispatch", None)
    return endpoint


def _watch_django(module):
    handler = module.BaseHandler
    resolve = getattr(handler, "resolve_request", None)
    if resolve is None:
        return

    def resolve_request(self, request):
        match = resolve(self, request)
        try:
            _served_by(_of_class(match.func, request.method))
        except Exception as error:
            tell(error)
        return match

    handler.resolve_request = resolve_request


def watch_celery():
    """After the instrumentation, whose receiver of the same signal makes the span."""
    from celery.signals import task_prerun

    task_prerun.connect(_task_begins, weak=False)


def _task_begins(task=None, **_):
    try:
        _served_by(getattr(task, "run", None))
    except Exception as error:
        tell(error)
