"""The database that Kotowari brings along, so that nothing has to be installed or set up first.

`EmbeddedDatabase` drives PostgreSQL's own programs (the system's, else those inside a wheel) on a private
cluster in the data folder. Nothing here needs Django.
"""

from kotowari.cli.embedded.database import EmbeddedDatabase, Status
from kotowari.cli.embedded.problems import DatabaseProblem

__all__ = ["DatabaseProblem", "EmbeddedDatabase", "Status"]
