"""Gates: how the product says no.

An *action* asks its *rules* over *facts* and answers with one `Decision`, which page, API, mail, console and
command line all show alike. Rules are pure functions from facts to a `Blocker` or nothing; the facts are
fetched in bulk by the app's `selectors.py`, so "may she?" and "which ones may she?" have one answer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from kotowari.kernel import clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.text import Text

ResolvedBy = Literal["you", "counterparty", "operator", "time"]
DecidedBy = Literal["rule", "staff"]
Facts = Any
"""Whatever frozen dataclass the rules of one action read."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """The way on: a label that says what will happen and the address of the very control."""

    label: Text
    url: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """Where a decision can be contested, and until when."""

    url: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason why an action is not possible now.

    `code` is `app.action.reason` once the decision is made; a rule gives only the last part.
    `rule` is the number in docs/domain/rules.md. `facts` are the person's own, ready for JSON.
    """

    code: str
    reason: Text
    rule: str
    resolved_by: ResolvedBy
    facts: Mapping[str, Any] = field(default_factory=dict)
    remedy: Remedy | None = None
    clears_at: datetime | None = None
    decided_by: DecidedBy = "rule"
    appeal: Appeal | None = None
    status: int = 409

    def as_json(self) -> dict[str, Any]:
        """The blocker as the API shows it, in the active language."""
        return {
            "code": self.code,
            "rule": self.rule,
            "reason": str(self.reason),
            "facts": _plain(self.facts),
            "remedy": self.remedy and {"label": str(self.remedy.label), "url": self.remedy.url},
            "clears_at": self.clears_at and clock.tokyo(self.clears_at).isoformat(),
            "resolved_by": self.resolved_by,
            "decided_by": self.decided_by,
            "appeal": self.appeal and {"url": self.appeal.url, "until": clock.tokyo(self.appeal.until).isoformat()},
        }


Rule = Callable[[Facts], Blocker | None]


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do, by name, and the rules it asks, all of them, every time.

    `title` is the verb on the button ("納品を検収する"); `no` the heading of a refusal ("検収できません").
    `subject` names the kind of row it is about ("contracts.milestone"), or "" when it is about the person alone.
    """

    name: str
    title: Text
    no: Text
    subject: str = ""
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        if self.name in ACTIONS:
            raise ValueError(f"action {self.name} is defined twice")
        ACTIONS[self.name] = self


ACTIONS: dict[str, Action] = {}
"""Every action of the product, by name."""

FactsLoader = Callable[[Any, Sequence[Any]], Sequence[Facts]]
_loaders: dict[str, FactsLoader] = {}
_policy_version: list[Callable[[], str]] = []


def facts_for(*actions: Action) -> Callable[[FactsLoader], FactsLoader]:
    """Register the selector that fetches the facts of these actions: `(actor, subjects) -> facts`, in order.

    For an action without a subject `subjects` is `[None]`.
    """

    def register(loader: FactsLoader) -> FactsLoader:
        for action in actions:
            if action.name in _loaders:
                raise ValueError(f"facts of {action.name} are registered twice")
            _loaders[action.name] = loader
        return loader

    return register


def set_policy_version(source: Callable[[], str]) -> None:
    """Tell gates where the version of the policy in force is read."""
    _policy_version[:] = [source]


def policy_version() -> str:
    """The version of the policy that decisions name now."""
    return _policy_version[0]() if _policy_version else "unset"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether an action is possible for somebody on something now, and if not, every reason at once."""

    action: Action
    blockers: tuple[Blocker, ...]
    policy_version: str
    subject_id: str | None = None

    @property
    def allowed(self) -> bool:
        return not self.blockers

    @property
    def status(self) -> int:
        """The HTTP status: not allowed to (403) weighs more than not now (409); waiting (429, 503) least."""
        statuses = {b.status for b in self.blockers}
        return next((s for s in (404, 401, 403, 422, 409, 503, 429) if s in statuses), 200)

    @property
    def clears_at(self) -> datetime | None:
        """When time alone will have removed every blocker; None when something else must happen."""
        moments = [b.clears_at for b in self.blockers]
        return max(m for m in moments if m) if moments and all(moments) else None

    def as_json(self) -> dict[str, Any]:
        """The refusal object of the API (RFC 9457 members first), in the active language."""
        return {
            "type": f"/problems/{self.action.name}",
            "title": str(self.action.title if self.allowed else self.action.no),
            "status": self.status,
            "action": self.action.name,
            "subject": self.subject_id,
            "allowed": self.allowed,
            "policy_version": self.policy_version,
            "blockers": [b.as_json() for b in self.blockers],
        }


def decide(action: Action, facts: Facts, *, subject: Any = None) -> Decision:
    """Ask every rule of an action; pure."""
    found = []
    for rule in action.rules:
        blocker = rule(facts)
        if blocker is not None:
            found.append(_named(blocker, action))
    return Decision(action, tuple(found), policy_version(), _id_of(subject))


def decide_many(action: Action, actor: Any, subjects: Iterable[Any]) -> list[Decision]:
    """One decision per subject, from one set of queries for all of them."""
    rows = list(subjects)
    if not rows:
        return []
    if not action.rules:
        return [decide(action, None, subject=row) for row in rows]
    facts = _loaders[action.name](actor, rows)
    if len(facts) != len(rows):
        raise AssertionError(f"facts of {action.name}: {len(facts)} for {len(rows)} subjects")
    return [decide(action, f, subject=row) for f, row in zip(facts, rows, strict=True)]


def explain(action: Action, actor: Any, subject: Any = None) -> Decision:
    """The decision for one subject: what a page draws and `kotowari explain` prints."""
    return decide_many(action, actor, [subject])[0]


def allowed_among(action: Action, actor: Any, subjects: Iterable[Any]) -> list[Any]:
    """Those of the subjects on which the actor may do it: the same rules as for one."""
    rows = list(subjects)
    return [row for row, d in zip(rows, decide_many(action, actor, rows), strict=True) if d.allowed]


def require(action: Action, actor: Any, subject: Any = None) -> Decision:
    """The check that counts: called by a command after it holds its locks. Raises `Refused`."""
    decision = explain(action, actor, subject)
    if not decision.allowed:
        raise Refused(decision)
    return decision


def refuse(action: Action, *blockers: Blocker) -> Refused:
    """A refusal found outside a rule (a limiter, an unknown address), in the same form. To be raised."""
    return Refused(Decision(action, tuple(_named(b, action) for b in blockers), policy_version()))


def _named(blocker: Blocker, action: Action) -> Blocker:
    if "." in blocker.code:
        return blocker
    return replace(blocker, code=f"{action.name}.{blocker.code}")


def _id_of(subject: Any) -> str | None:
    identifier = getattr(subject, "pk", None)
    return None if identifier is None else str(identifier)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, datetime):
        return clock.tokyo(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Text, UUID)):
        return str(value)
    return value
