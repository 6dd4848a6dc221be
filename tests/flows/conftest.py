"""Who stories over HTTP begin with."""

from tests.service.accounts.conftest import join as join
