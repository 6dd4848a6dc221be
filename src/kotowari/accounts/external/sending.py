"""How we ask providers: for a short while, a little at a time, and only where we were told to."""

from typing import Any
from urllib.parse import urlsplit

import requests

TIMEOUT_SECONDS = 5
ANSWER_MAX_BYTES = 256 * 1024
_HERE = {"localhost", "127.0.0.1", "::1"}


class TooLong(requests.RequestException):
    """An answer that no provider has reason to give."""


class Asking(requests.Session):
    """Follows no redirect, since a secret goes along; waits and reads no more than it must; asks over TLS alone."""

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """As in requests, within these limits. Raises `requests.RequestException`."""
        parts = urlsplit(str(url))
        if parts.scheme != "https" and parts.hostname not in _HERE:
            raise requests.exceptions.InvalidURL("providers are asked over TLS")
        kwargs.update(timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True)
        with super().request(method, url, *args, **kwargs) as response:
            body = b""
            for part in response.iter_content(64 * 1024):
                body += part
                if len(body) > ANSWER_MAX_BYTES:
                    raise TooLong("the answer is too long")
            response._content = body
            return response
