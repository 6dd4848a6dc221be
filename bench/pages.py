"""Job list and job page, as members and as visitors get them, beside bare views on the same server and database."""

import importlib
from dataclasses import dataclass
from typing import Any

from bench import load, work
from bench.market_data import fill
from bench.report import Report, Row, compared
from bench.server import Server, django_on, served

JOBS = 20_000
ROUNDS = 6
SECONDS = 1
OWN = {"Cookie": "seen=1"}
"""Whoever carries a cookie gets a page made for them; nothing kept for visitors is used."""


@dataclass(frozen=True, slots=True)
class Page:
    """An address as somebody asks for it."""

    path: str
    headers: dict[str, str]


def run(server: Server) -> Report:
    """Requests a second of the product's pages and of the bare ones, in turn, several rounds."""
    report = Report(title="Pages")
    with server.scratch("pages") as url, django_on(url, "bench.settings"):
        report.notes = [server.describe(), fill(JOBS), f"load: {load.generator()}, {ROUNDS} × {SECONDS} s each in turn"]
        job = _some_job()
        queries = {path: _queries(path) for path in ("/jobs/", job)}
        pages = {
            "list": Page("/jobs/", OWN),
            "bare list": Page("/bare/jobs/", OWN),
            "bare hello": Page("/bare/hello/", OWN),
            "visitors' list": Page("/jobs/", {}),
            "visitors' hello": Page("/bare/hello/", {}),
            "job": Page(job, OWN),
            "bare job": Page(f"/bare{job}", OWN),
            "visitors' job": Page(job, {}),
        }
        with served() as (port, server_pid):
            found, worked = _in_turn(port, server_pid, pages)
    report.rows = _rows(found, queries["/jobs/"], queries[job])
    for mine, theirs in (("list", "bare list"), ("job", "bare job")):
        row = compared(f"/{mine}, work", "ms of processors", worked[mine], theirs, worked[theirs])
        report.rows.append(row)
    return report


def _rows(found: dict[str, list[load.Measured]], list_queries: int, job_queries: int) -> list[Row]:
    rates = {name: [each.rate for each in rounds] for name, rounds in found.items()}

    def against(mine: str, theirs: str, **aim: Any) -> Row:
        return compared(f"/{mine}", "req/s", rates[mine], theirs, rates[theirs], **aim)

    rows = [
        against("list", "bare list", aim=2),
        against("list", "bare hello"),
        Row(name="/list", measured=list_queries, unit="queries", aim=4, at_most=True),
        against("visitors' list", "visitors' hello", aim=0.6),
        against("visitors' list", "bare list"),
        against("job", "bare job"),
        against("job", "bare hello"),
        Row(name="/job", measured=job_queries, unit="queries"),
        against("visitors' job", "visitors' hello"),
    ]
    for name, rounds in found.items():
        middle = sorted(each.p99_ms for each in rounds)[len(rounds) // 2]
        rows.append(Row(name=f"/{name}", measured=middle, unit="ms p99"))
    return rows


def _in_turn(
    port: int, server_pid: int, pages: dict[str, Page]
) -> tuple[dict[str, list[load.Measured]], dict[str, list[float]]]:
    """What was measured of each page, round by round, and the milliseconds that one request kept processors busy."""
    for page in pages.values():
        load.measure(port, page.path, seconds=1, headers=page.headers)
    busy = [server_pid, *work.children(server_pid), *work.backends()]
    found: dict[str, list[load.Measured]] = {name: [] for name in pages}
    worked: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(ROUNDS):
        for name, page in pages.items():
            before = work.seconds(busy)
            measured = load.measure(port, page.path, seconds=SECONDS, headers=page.headers)
            found[name].append(measured)
            worked[name].append((work.seconds(busy) - before) * 1_000 / (measured.rate * SECONDS))
    return found, worked


def _some_job() -> str:
    from kotowari.market.models import Job

    return f"/jobs/{Job.objects.order_by('-number')[100].pk}/"


def _queries(path: str) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    importlib.import_module("bench.urls")
    visitor = Client(headers={"host": "localhost"})
    visitor.cookies["seen"] = "1"
    for _ in range(2):  # the second time nothing is read that a process reads once
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(path).status_code == 200
    return len(queries)
