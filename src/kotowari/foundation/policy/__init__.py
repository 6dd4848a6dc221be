"""Policy: every number an operator may want otherwise, typed, with its source and its dates.

`policy.value("contracts.acceptance_days")` is the number that counts today. Reading needs neither Django nor a
database; the operator's own changes count once `start` has been called.
"""

from kotowari.foundation.policy.inforce import (
    DEFAULT_PRESET,
    Change,
    Entry,
    PolicyValues,
    Turn,
    active,
    coming,
    forget,
    from_snapshot,
    overridden,
    preset_in_force,
    read_changes_from,
    snapshot,
    unusable,
    value,
    values,
    version,
)
from kotowari.foundation.policy.keys import KEYS, PolicyKey, key_named
from kotowari.foundation.policy.loading import Preset, PresetError, load_preset, preset_names

__all__ = [
    "DEFAULT_PRESET",
    "KEYS",
    "Change",
    "Entry",
    "PolicyKey",
    "PolicyValues",
    "Preset",
    "PresetError",
    "Turn",
    "active",
    "coming",
    "forget",
    "from_snapshot",
    "key_named",
    "load_preset",
    "overridden",
    "preset_in_force",
    "preset_names",
    "read_changes_from",
    "snapshot",
    "start",
    "unusable",
    "value",
    "values",
    "version",
]


def start(*, read_database: bool) -> None:
    """Called once when Django is ready: decisions name this policy's version, and the operator's changes count.

    Tests leave the database out, so that their values stand still and their queries can be counted.
    """
    from kotowari.kernel import gates

    gates.set_policy_version(version)
    if read_database:
        from kotowari.foundation.policy.selectors import stored_changes

        read_changes_from(stored_changes)
