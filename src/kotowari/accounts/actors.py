"""Who acts before anybody is signed in."""

from kotowari.foundation.actors import SystemActor

VISITOR = SystemActor("visitor")
"""Somebody who is not signed in: signs up, proves an address, asks for a new password."""
