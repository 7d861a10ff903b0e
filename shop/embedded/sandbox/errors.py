"""The refusals of the API, in the shape of https://docs.stripe.com/api/errors."""

from typing import Any


class ApiError(Exception):
    """An answer with `{"error": ...}`.

    `saved` says whether an idempotency key remembers this answer. Stripe remembers what began to execute, and does not
    remember a request whose parameters never passed validation.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        saved: bool = True,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        self.body: dict[str, Any] = {"message": message, "type": kind}
        if code is not None:
            self.body["code"] = code
            self.body["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param is not None:
            self.body["param"] = param
        self.body.update({name: value for name, value in details.items() if value is not None})


def invalid_parameter(message: str, *, param: str, code: str | None = None) -> ApiError:
    return ApiError(message, code=code, param=param, saved=False)


def missing_parameter(name: str) -> ApiError:
    return ApiError(f"Missing required param: {name}.", code="parameter_missing", param=name, saved=False)


def missing_resource(*, noun: str, id: str, param: str = "id", status: int = 404) -> ApiError:
    return ApiError(f"No such {noun}: '{id}'", status=status, code="resource_missing", param=param, saved=False)


def not_modelled(message: str, *, param: str | None = None) -> ApiError:
    """A thing Stripe can do and this sandbox does not: refused loudly, because ignoring it could hide a wrong sum."""
    return ApiError(f"The payment sandbox does not model this: {message}", code="sandbox_unsupported", param=param)


def unexpected_state(message: str, **details: Any) -> ApiError:
    return ApiError(message, code="payment_intent_unexpected_state", **details)
