import pytest
from django.test import Client

from kotowari.foundation import deadlines, demo_clock
from kotowari.kernel import clock
from kotowari.kernel.text import Text

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, clock):
    """A demo whose machine stands still at Friday, 20 November 2026, 10:00."""
    settings.DEMO = True
    yield clock
    demo_clock.set_ahead(demo_clock.ahead() * 0)


@pytest.fixture
def advanced(monkeypatch) -> list[float]:
    """How many days the clock was moved at each press; nothing falls due."""
    moved: list[float] = []

    def advance(by, tell=None):
        moved.append(by.total_seconds() / 86_400)
        return {"payouts.close": 2, "ledger.roll_up": 9}

    monkeypatch.setattr(demo_clock, "advance", advance)
    monkeypatch.setitem(deadlines.TITLES, "payouts.close", Text("報酬の締め", "Closing of rewards"))
    monkeypatch.delitem(deadlines.TITLES, "ledger.roll_up", raising=False)
    return moved


@pytest.mark.parametrize(("button", "days"), [("day", 1), ("month", 30), ("half_year", 180)])
def test_the_bar_moves_the_clock_and_comes_back(client: Client, demo, advanced, button, days) -> None:
    response = client.post("/demo/clock/", {"by": button, "next": "/paths/"})
    assert (response.status_code, response["Location"]) == (303, "/paths/")
    assert advanced == [days]


def test_the_next_closing_is_passed_and_not_merely_reached(client: Client, demo, advanced) -> None:
    client.post("/demo/clock/", {"by": "closing"})
    assert advanced == [pytest.approx(10 + 15 / 24)]
    assert clock.today().isoformat() == "2026-11-20"


def test_the_bar_tells_what_happened_in_the_words_of_people(client: Client, demo, advanced) -> None:
    client.post("/demo/clock/", {"by": "day", "next": "/paths/"})
    html = client.get("/paths/").text
    assert "この間に起きたこと:報酬の締め 2件。" in html
    assert "ledger.roll_up" not in html
    assert "2026年11月20日(金) 10:00" in html


def test_outside_a_demo_there_is_no_bar_and_no_moving(client: Client, clock, advanced) -> None:
    assert "デモの時計" not in client.get("/kit/").text.partition("<main")[0]
    response = client.post("/demo/clock/", {"by": "day"})
    assert response.status_code == 422
    assert advanced == []


def test_an_unknown_step_is_told(client: Client, demo, advanced) -> None:
    response = client.post("/demo/clock/", {"by": "century"})
    assert response.status_code == 422
    assert "帯のボタンから選んでください" in response.text


def test_another_site_cannot_move_the_clock(client: Client, demo, advanced) -> None:
    response = client.post("/demo/clock/", {"by": "day"}, headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 403
    assert advanced == []
