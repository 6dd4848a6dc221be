"""Which value counts on a day: presets by date, the operator's changes over them, and the version that names it."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.foundation import policy
from kotowari.foundation.policy import inforce
from kotowari.foundation.policy.inforce import Change, resolve
from kotowari.kernel.errors import InputError

TODAY = date(2026, 11, 20)


def change(key: str, value: object, on: str, reason: str = "試すため") -> Change:
    return Change(key, value, date.fromisoformat(on), reason)


@pytest.fixture
def stored() -> Iterator[list[Change]]:
    """The operator's changes, as if they had been read from the database."""
    rows: list[Change] = []
    policy.read_changes_from(lambda: list(rows))
    yield rows
    policy.read_changes_from(None)


@pytest.fixture(autouse=True)
def _default_preset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOTOWARI_PRESET", raising=False)


@pytest.mark.parametrize("name", policy.preset_names())
def test_every_preset_gives_every_key_a_value_with_a_source_in_both_languages(name: str) -> None:
    entries = policy.values(preset=name, on=TODAY).entries
    assert set(entries) == set(policy.KEYS)
    for entry in entries.values():
        assert entry.source.ja
        assert entry.source.en
        kind = entry.key.kind
        assert kind.parse(kind.as_json(entry.value)) == entry.value
        assert kind.show(entry.value).ja
        assert kind.show(entry.value).en
        assert kind.right.ja


def test_there_are_five_presets_and_the_default_is_ours() -> None:
    assert set(policy.preset_names()) == {"kotowari", "crowdworks", "lancers", "coconala", "shufti"}
    assert policy.preset_in_force() == "kotowari"


def test_names_end_in_the_unit_of_their_value() -> None:
    for key in policy.KEYS.values():
        assert key.kind.unit in ("", "count", "characters") or f"_{key.kind.unit}" in key.name, key.name


@pytest.mark.rule("A044", "A047", "A049", "A053", "A054", "A055")
def test_the_default_has_the_numbers_of_the_sources() -> None:
    values = policy.values(on=TODAY)
    assert values["payouts.standard_minimum_yen"] == 1_000
    assert values["payouts.threshold_minimum_yen"] == 50_000
    assert values["payouts.default_method"] == "standard"
    assert (values["payouts.quick_bank_days"], values["payouts.quick_minimum_yen"]) == (3, 520)
    assert values["payouts.quick_fee_permille"] == 35


def test_a_value_is_that_of_its_day() -> None:
    assert policy.value("tax.consumption_permille", on=date(2019, 9, 30)) == 80
    assert policy.value("tax.consumption_permille", on=date(2019, 10, 1)) == 100
    steps = {2023: 1000, 2024: 800, 2027: 700, 2029: 500, 2031: 300, 2032: 0}
    for year, permille in steps.items():
        assert policy.value("tax.unregistered_credit_permille", on=date(year, 6, 1)) == permille


def test_the_version_names_the_preset_and_the_latest_date_that_counts() -> None:
    assert policy.version(TODAY) == "kotowari-2026-11-01"
    assert policy.version(date(2028, 10, 1)) == "kotowari-2028-10-01"
    assert policy.values(preset="crowdworks", on=date(2021, 1, 1)).version == "crowdworks-2020-02-03"
    assert policy.values(preset="crowdworks", on=date(2001, 1, 1)).version == "crowdworks-origin"


def test_the_operators_change_counts_from_its_day_on(stored: list[Change]) -> None:
    stored.append(change("contracts.acceptance_days", 5, "2026-12-01"))
    policy.forget()
    assert policy.value("contracts.acceptance_days", on=date(2026, 11, 30)) == 7
    assert policy.value("contracts.acceptance_days", on=date(2026, 12, 1)) == 5
    assert policy.version(date(2026, 11, 30)) == "kotowari-2026-11-01"
    assert policy.version(date(2026, 12, 1)) == "kotowari-2026-12-01"
    entry = policy.active(date(2026, 12, 1)).entries["contracts.acceptance_days"]
    assert (entry.origin, entry.source.ja) == ("operator", "試すため")


def test_null_follows_the_preset_again(stored: list[Change]) -> None:
    stored += [
        change("contracts.acceptance_days", 5, "2026-12-01"),
        change("contracts.acceptance_days", None, "2027-01-01"),
    ]
    policy.forget()
    assert policy.value("contracts.acceptance_days", on=date(2026, 12, 31)) == 5
    assert policy.value("contracts.acceptance_days", on=date(2027, 1, 1)) == 7


def test_the_operator_outweighs_later_dates_of_the_preset(stored: list[Change]) -> None:
    stored.append(change("tax.unregistered_credit_permille", 650, "2027-01-01"))
    policy.forget()
    assert policy.value("tax.unregistered_credit_permille", on=date(2029, 1, 1)) == 650


def test_a_preset_by_itself_does_not_hear_the_operator(stored: list[Change]) -> None:
    stored.append(change("contracts.acceptance_days", 5, "2026-11-01"))
    policy.forget()
    assert policy.values(preset="kotowari", on=TODAY)["contracts.acceptance_days"] == 7
    assert policy.value("contracts.acceptance_days", on=TODAY) == 5


@pytest.mark.rule("A189")
def test_what_is_known_to_change_is_told_ahead_as_a_difference(stored: list[Change]) -> None:
    stored.append(change("payouts.standard_minimum_yen", 500, "2026-12-10"))
    policy.forget()
    first, second, *_ = policy.coming(on=TODAY)
    assert (first.on, first.before.value, first.after.value) == (date(2026, 12, 10), 1_000, 500)
    assert (second.on, second.after.key.name) == (date(2028, 10, 1), "tax.unregistered_credit_permille")
    assert all(turn.before.value != turn.after.value for turn in policy.coming(on=date(2001, 1, 1)))
    assert policy.coming(preset="kotowari", on=TODAY)[0].on == date(2028, 10, 1)


def test_a_stored_change_that_no_longer_fits_is_passed_over_and_reported(
    stored: list[Change], caplog: pytest.LogCaptureFixture
) -> None:
    stored += [
        change("contracts.acceptance_days", 5, "2026-11-01"),
        change("contracts.acceptance_days", "soon", "2026-11-10"),
        change("contracts.no_longer_there", 1, "2026-11-10"),
    ]
    policy.forget()
    assert policy.value("contracts.acceptance_days", on=TODAY) == 5
    assert len(policy.unusable(stored)) == 2
    assert "contracts.acceptance_days (2026-11-10): soon cannot stand here" in caplog.text


def test_reading_asks_the_source_at_most_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    moment = 1_000.0
    monkeypatch.setattr(inforce.time, "monotonic", lambda: moment)

    def source() -> Sequence[Change]:
        asked.append(moment)
        return [change("contracts.acceptance_days", 3 + len(asked), "2026-11-01")]

    policy.read_changes_from(source)
    try:
        assert [policy.value("contracts.acceptance_days", on=TODAY) for _ in range(50)] == [4] * 50
        assert len(asked) == 1
        moment += 1.0
        assert policy.value("contracts.acceptance_days", on=TODAY) == 5
        assert len(asked) == 2
    finally:
        policy.read_changes_from(None)


def test_the_preset_in_force_is_the_operators_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOTOWARI_PRESET", "coconala")
    assert policy.value("contracts.acceptance_days", on=TODAY) == 3
    monkeypatch.setenv("KOTOWARI_PRESET", "nosuch")
    with pytest.raises(InputError) as wrong:
        policy.value("contracts.acceptance_days", on=TODAY)
    assert "kotowari, coconala" in wrong.value.fields["preset"][0].ja


def test_other_values_can_be_tried_inside_a_block_only() -> None:
    with policy.overridden({"contracts.acceptance_days": 3, "fees.tax": "included"}):
        assert policy.value("contracts.acceptance_days", on=TODAY) == 3
        assert policy.version(TODAY) == "kotowari-2026-11-01+tried"
        with policy.overridden({"contracts.acceptance_days": 4}):
            assert policy.value("contracts.acceptance_days", on=TODAY) == 4
            assert policy.value("fees.tax", on=TODAY) == "included"
    assert policy.value("contracts.acceptance_days", on=TODAY) == 7


def test_a_name_that_is_not_there_is_answered_with_those_that_come_close() -> None:
    with pytest.raises(KeyError, match="acceptence"):
        policy.value("contracts.acceptence_days", on=TODAY)
    with pytest.raises(InputError) as wrong:
        policy.key_named("contracts.acceptence_days")
    assert "contracts.acceptance_days" in wrong.value.fields["key"][0].en
    with pytest.raises(InputError):
        policy.snapshot(["nothing"])


def test_a_snapshot_is_typed_again_when_it_is_read() -> None:
    names = ["payouts.closings", "fees.system_tiers", "calendar.extra_closed_days", "payouts.transfer_fees"]
    values = policy.values(preset="crowdworks", on=TODAY)
    assert policy.from_snapshot(values.snapshot(names)) == {name: values[name] for name in names}


CHANGES = st.lists(
    st.builds(
        Change,
        key=st.sampled_from(["contracts.acceptance_days", "payouts.standard_minimum_yen"]),
        value=st.one_of(st.none(), st.integers(1, 14)),
        effective_on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
        reason=st.just("r"),
    ),
    max_size=12,
    unique_by=lambda c: (c.key, c.effective_on),
)


@given(CHANGES, st.dates(date(2026, 1, 1), date(2027, 12, 30)))
def test_one_version_is_one_set_of_values(changes: list[Change], day: date) -> None:
    preset = policy.load_preset("kotowari")
    today, tomorrow = (resolve(preset, changes, d) for d in (day, day + timedelta(days=1)))
    if today.version == tomorrow.version:
        assert dict(today) == dict(tomorrow)


@given(CHANGES, st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_later_changes_never_reach_back(changes: list[Change], day: date) -> None:
    preset = policy.load_preset("kotowari")
    known = [c for c in changes if c.effective_on <= day]
    assert dict(resolve(preset, changes, day)) == dict(resolve(preset, known, day))
