"""Signing in through the real page, beside the bare Argon2 verify at the same parameters on the same cores.

Bare is argon2-cffi, which Django and most others use. The product computes the same hash with libsodium, which takes
the processor's widest instructions; a loop of nothing but that stands beside it as well.
"""

import os
import re
import select
import socket
import statistics
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlencode

from bench import work
from bench.report import Report, Row, compared
from bench.server import Server, django_on, served

MEMBERS = 400
CONNECTIONS = 16
ROUNDS = 6
SECONDS = 3
AT_ONCE = 64
TIMES_AT_ONCE = 3
GIVE_UP_SECONDS = 30
"""What browsers and proxies wait for an answer, at least."""

PASSWORD = "correct horse battery staple"
SERVED, BUSY = (302, 303), 503


@dataclass(slots=True)
class Person:
    """A member at a browser of their own; `device` is the cookie that it keeps between visits."""

    username: str
    address: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try; `status` 0 when nothing came in time."""

    status: int
    seconds: float
    told_when: bool


@dataclass(slots=True)
class Line:
    """One connection to the server, and what is under way on it."""

    connected: socket.socket
    person: Person | None = None
    asked_at: float = 0.0
    came: bytearray = field(default_factory=bytearray)


@dataclass(slots=True)
class Rounds:
    """What was done a second in each round, and the milliseconds of processors that one took."""

    rates: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)


def run(server: Server) -> Report:
    """Sign-ins a second and verifies a second in turn, several rounds; then many people at the same moment."""
    report = Report(title="Signing in")
    os.environ["KOTOWARI_TRUSTED_PROXIES"] = "1"  # so that everybody comes from a network of their own
    with server.scratch("sign_in") as url, django_on(url, "bench.settings"):
        people, kept = _join(MEMBERS)
        queries = _queries(people[-1])
        with served() as (port, server_pid):
            form = Form(port)
            _let_in(form, iter(people))  # everybody comes once, as members have before: their devices are known
            busy = [server_pid, *work.children(server_pid), *work.backends()]
            found = _in_turn(form, people, kept, busy)
            rushes = [_rush(form, people[n * AT_ONCE : (n + 1) * AT_ONCE]) for n in range(TIMES_AT_ONCE)]
            strangers = [Person(each.username, each.address) for each in people[-AT_ONCE:]]
            rushes.append(_rush(form, strangers))
    mine, bare = found["sign-ins"], found["verifies"]
    report.notes = [
        server.describe(),
        f"{MEMBERS} members on known devices, {CONNECTIONS} connections, {ROUNDS} × {SECONDS} s each in turn; "
        f"2 server processes on {_cores()} cores, verifies on {_cores()} threads",
        *(_spread(f"{what} a second", each.rates) for what, each in found.items()),
        f"{AT_ONCE} at once: {TIMES_AT_ONCE} times from known devices, once from new ones",
    ]
    report.rows = [
        compared("sign-ins", "a second", mine.rates, "verify", bare.rates, aim=0.8),
        compared("sign-ins", "a second", mine.rates, "verify by libsodium", found["libsodium verifies"].rates),
        compared("work of a verify", "ms of processors", bare.worked, "of a sign-in", mine.worked),
        Row(name="sign-in from a known device", measured=queries, unit="queries"),
        *_told(rushes),
    ]
    return report


def _told(rushes: Sequence[Sequence[Answer]]) -> list[Row]:
    every = [answer for rush in rushes for answer in rush]
    told = [answer for answer in every if answer.status == BUSY and answer.told_when]
    let_in = [answer for answer in every if answer.status in SERVED]
    at_once = f"{AT_ONCE} at once"
    return [
        Row(name=at_once, measured=len(let_in), unit=f"of {len(every)} let in"),
        Row(name=at_once, measured=len(told), unit="told when to come again"),
        Row(name=at_once, measured=len(every) - len(let_in) - len(told), unit="left without", aim=0, at_most=True),
        Row(name=at_once, measured=max(answer.seconds for answer in every), unit="s longest wait"),
    ]


def _spread(what: str, rounds: Sequence[float]) -> str:
    low, middle, high = min(rounds), statistics.median(rounds), max(rounds)
    return f"{what}: least {low:.1f}, median {middle:.1f}, most {high:.1f}"


# --- Members -------------------------------------------------------------------------------------------


def _join(count: int) -> tuple[list[Person], str]:
    """So many members with proved addresses and one password, and its hash as the product keeps it."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from kotowari.accounts.models import Member

    kept = make_password(PASSWORD)
    names = [f"member{number}" for number in range(count)]
    members = [
        Member(username=name, display_name=name, email=f"{name}@example.jp", password=kept, language="ja")
        for name in names
    ]
    Member.objects.bulk_create(members)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=member, email=member.email, verified=True, primary=True) for member in members
    )
    people = [Person(name, f"10.{n >> 8}.{n & 255}.1") for n, name in enumerate(names)]
    return people, kept.removeprefix("argon2")


def _queries(person: Person) -> int:
    """Statements of one sign-in from a known device."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    typed = {"login": person.username, "password": PASSWORD}
    browser = Client(headers={"host": "localhost"})
    for _ in range(2):  # the second time the device is known, and nothing is read that a process reads once
        browser.cookies.pop("sessionid", None)
        with CaptureQueriesContext(connection) as queries:
            assert browser.post("/login/", typed).status_code in SERVED
    person.device = browser.cookies["device"].value
    return len(queries)


# --- Measuring -----------------------------------------------------------------------------------------


def _in_turn(form: "Form", people: Sequence[Person], kept: str, busy: Sequence[int]) -> dict[str, "Rounds"]:
    """Sign-ins and verifies in turn, by what was measured."""
    from argon2 import PasswordHasher
    from nacl.pwhash import argon2id

    # The verifies are done by threads that end, so their process is asked.
    measures: dict[str, tuple[Callable[[], float], Callable[[], int]]] = {
        "verifies": (time.process_time, lambda: _verifies(lambda: PasswordHasher().verify(kept, PASSWORD))),
        "libsodium verifies": (
            time.process_time,
            lambda: _verifies(lambda: argon2id.verify(kept.encode(), PASSWORD.encode())),
        ),
        "sign-ins": (lambda: work.seconds(busy), lambda: _sign_ins(form, people)),
    }
    found = {what: Rounds() for what in measures}
    for _ in range(ROUNDS):
        for what, (worked_so_far, measure) in measures.items():
            before, started = worked_so_far(), time.perf_counter()
            done = measure()
            found[what].rates.append(done / (time.perf_counter() - started))
            found[what].worked.append((worked_so_far() - before) * 1_000 / done)
    return found


def _verifies(verify: Callable[[], object]) -> int:
    """How many bare verifies are done in the time of a round, as many at once as there are cores."""
    counts = [0] * _cores()
    started = time.perf_counter()

    def one(place: int) -> None:
        while time.perf_counter() - started < SECONDS:
            verify()
            counts[place] += 1

    threads = [threading.Thread(target=one, args=[place]) for place in range(len(counts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


def _sign_ins(form: "Form", people: Sequence[Person]) -> int:
    """How many sign-ins are done in the time of a round and what is under way at its end; each must be let in."""
    started = time.perf_counter()
    return _let_in(form, cycle(people), lambda: time.perf_counter() - started < SECONDS)


def _let_in(form: "Form", people: Iterator[Person], going_on: Callable[[], bool] = lambda: True) -> int:
    """Sign people in, so many at a time, until there are no more or it is time to stop; returns how many."""
    done = 0
    with form.lines(CONNECTIONS) as lines:
        under_way = 0
        for line, person in zip(lines.values(), people, strict=False):
            form.ask(line, person)
            under_way += 1
        while under_way:
            for line, answer in form.answers(lines, 1.0):
                form.must_be_in(answer)
                done, under_way = done + 1, under_way - 1
                person = next(people, None) if going_on() else None
                if person is not None:
                    form.ask(line, person)
                    under_way += 1
    return done


def _rush(form: "Form", people: Sequence[Person]) -> list[Answer]:
    """What becomes of so many people who press the button at the same moment."""
    found: list[Answer] = []
    with form.lines(len(people)) as lines:
        started = time.perf_counter()
        for line, person in zip(lines.values(), people, strict=True):
            form.ask(line, person)
        while len(found) < len(people) and time.perf_counter() - started < GIVE_UP_SECONDS:
            found += [answer for _, answer in form.answers(lines, 0.5)]
    return found + [Answer(0, GIVE_UP_SECONDS, False)] * (len(people) - len(found))


class WrongAnswerError(Exception):
    """Somebody with the right password was not let in; such a measurement is worth nothing."""


class Form:
    """The form at `/login/` with its seal, and connections on which it is sent as fast as it is answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        with urllib.request.urlopen(f"http://localhost:{port}/login/", timeout=GIVE_UP_SECONDS) as page:
            cookies = page.headers.get_all("Set-Cookie") or []
            words = page.read().decode()
        self.cookie = next(each.split(";")[0] for each in cookies if each.startswith("csrftoken="))
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', words)
        assert token is not None
        self.token = token[1]

    @contextmanager
    def lines(self, count: int) -> Iterator[dict[int, Line]]:
        """So many connections, kept open for the block."""
        self._ready = select.epoll()
        lines: dict[int, Line] = {}
        try:
            for _ in range(count):
                connected = socket.create_connection(("127.0.0.1", self.port))
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                lines[connected.fileno()] = Line(connected)
                self._ready.register(connected.fileno(), select.EPOLLIN)
            yield lines
        finally:
            for line in lines.values():
                line.connected.close()
            self._ready.close()

    def ask(self, line: Line, person: Person) -> None:
        """Send the form as this person."""
        typed = {"csrfmiddlewaretoken": self.token, "login": person.username, "password": PASSWORD}
        body = urlencode(typed).encode()
        device = f"; device={person.device}" if person.device else ""
        head = [
            "POST /login/ HTTP/1.1",
            f"Host: localhost:{self.port}",
            f"Origin: http://localhost:{self.port}",
            f"X-Forwarded-For: {person.address}",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            f"Cookie: {self.cookie}{device}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
        line.person, line.asked_at = person, time.perf_counter()
        line.came.clear()
        line.connected.sendall("\r\n".join([*head, "", ""]).encode() + body)

    def answers(self, lines: dict[int, Line], seconds: float) -> Iterator[tuple[Line, Answer]]:
        """Those that have come within so many seconds."""
        for number, _ in self._ready.poll(seconds):
            line = lines[number]
            line.came += line.connected.recv(1 << 18)
            head, found, body = bytes(line.came).partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length:\s*(\d+)", head)
            if found and len(body) >= int(length[1] if length else 0):
                assert line.person is not None
                device = re.search(rb"(?i)set-cookie:\s*device=([^;\r]+)", head)
                if device:
                    line.person.device = device[1].decode()
                told = b"retry-after:" in head.lower()
                yield line, Answer(int(head.split(b" ", 2)[1]), time.perf_counter() - line.asked_at, told)

    def must_be_in(self, answer: Answer) -> None:
        """Raises `WrongAnswerError` for whatever else the answer is."""
        if answer.status not in SERVED:
            raise WrongAnswerError(f"/login/ answered {answer.status} to the right password")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
