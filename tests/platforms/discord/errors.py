"""How Discord says no (topics/opcodes-and-status-codes: JSON error codes)."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """An answer that is an error.

    Args:
        status: of HTTP.
        code: of the JSON body.
        message: Discord's words.
        errors: what is wrong with a form, by field.
    """

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message} {errors or ''}")
        self.status, self.code, self.message, self.errors = status, code, message, errors

    @property
    def body(self) -> Json:
        """The JSON body."""
        body: Json = {"message": self.message, "code": self.code}
        return body | {"errors": self.errors} if self.errors else body


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def unknown_channel() -> ApiError:
    return ApiError(404, 10003, "Unknown Channel")


def unknown_message() -> ApiError:
    return ApiError(404, 10008, "Unknown Message")


def unknown_webhook() -> ApiError:
    return ApiError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> ApiError:
    return ApiError(404, 10062, "Unknown interaction")


def already_acknowledged() -> ApiError:
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def token_expired() -> ApiError:
    return ApiError(401, 50027, "Invalid Webhook Token")


def missing_access() -> ApiError:
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    return ApiError(403, 50013, "Missing Permissions")


def cannot_message() -> ApiError:
    return ApiError(403, 50007, "Cannot send messages to this user")


def not_its_author() -> ApiError:
    return ApiError(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> ApiError:
    return ApiError(400, 50006, "Cannot send an empty message")


def wrong_channel_kind() -> ApiError:
    return ApiError(400, 50024, "Cannot execute action on this channel type")


def too_large() -> ApiError:
    return ApiError(413, 40005, "Request entity too large")


class Form:
    """Collects what is wrong with a form, and then refuses all of it at once."""

    def __init__(self) -> None:
        self._errors: Json = {}

    def wrong(self, path: Sequence[str | int], code: str, message: str) -> None:
        """Note one fault at a field."""
        place = self._errors
        for part in path:
            place = place.setdefault(str(part), {})
        place.setdefault("_errors", []).append({"code": code, "message": message})

    def length(self, path: Sequence[str | int], value: object, least: int, most: int) -> None:
        """Note a text that is missing, too short or too long."""
        if not isinstance(value, str):
            self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")
        elif not least <= len(value) <= most:
            self.wrong(
                path,
                "BASE_TYPE_BAD_LENGTH",
                f"Must be between {least} and {most} in length, not {len(value)}.",
            )

    def count(
        self, path: Sequence[str | int], value: Sequence[object], least: int, most: int
    ) -> None:
        """Note a list that is too short or too long."""
        if not least <= len(value) <= most:
            self.wrong(
                path,
                "BASE_TYPE_BAD_LENGTH",
                f"Must be between {least} and {most} in length, not {len(value)}.",
            )

    def refuse_if_wrong(self) -> None:
        """Raise what was noted.

        Raises:
            ApiError: 50035, with the fields.
        """
        if self._errors:
            raise ApiError(400, 50035, "Invalid Form Body", self._errors)
