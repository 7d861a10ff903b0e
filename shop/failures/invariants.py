"""I11: nobody meets a server error, except while the database itself is down (that is a 503 and no failure)."""

from shop.doctor.checks import Check, register_check


def register() -> None:
    register_check(
        Check(
            id="I11",
            name="no page broke that nobody has looked into",
            sql="SELECT id, at, request_id, method, path, kind FROM failures_serverfailure WHERE explained_at IS NULL",
            repair="Find the request id in the log, mend the cause, then mark the error as looked into in the back office.",
        )
    )
    register_check(
        Check(
            id="I11.1",
            name="every page that broke has a request id to find it by",
            sql="SELECT id, at, path FROM failures_serverfailure WHERE request_id = ''",
            repair="Requests must pass shop.requests.RequestIdMiddleware: see that it is still the first in the list.",
        )
    )
