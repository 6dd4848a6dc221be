"""Members as in the tests of accounts."""

from tests.service.accounts.conftest import join as join
