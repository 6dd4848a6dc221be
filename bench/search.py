"""Search over 200,000 jobs: p50 and p99 of the newest 20, per class of query.

What is timed is `market.selectors.search_jobs`: reading the query, finding, and fetching twenty jobs with everything
that a job card shows, asked over one connection.
"""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench import work
from bench.market_data import fill
from bench.report import Report, Row
from bench.server import Server, django_on

JOBS = 200_000
ROUNDS = 20
"""How often each query is asked."""

AIM_MS = 30

QUERIES: dict[str, list[str]] = {
    "one word": ["翻訳", "サーバー", "バナー", "イラスト", "料理", "不動産"],
    "two letters": ["翻訳", "医療", "教育", "金融", "住宅"],
    "other spellings": [
        "引越し",
        "引っ越し",
        "ひっこし",
        "引越",
        "サーバ",
        "ＷＥＢ",
        "ウェブ",
        "ワードプレス",
        "ランディングページ",
    ],
    "a word that splits": ["動画編集", "ロゴデザイン", "データ入力", "文字起こし", "記事作成", "見積書"],
    "two words": ["翻訳 医療", "バナー 美容", "記事作成 旅行", "サーバー 金融"],
    "three words": ["翻訳 医療 継続", "記事作成 旅行 初心者", "Web バナー 美容"],
    "in every job": ["募集", "お願い", "内容", "作業"],
    "in few jobs": ["天体観測", "真空管アンプ", "真空管"],
    "in old jobs only": ["閉店セール"],
    "in none": ["宇宙開発", "相撲部屋", "落語"],
    "part of a word": ["空管ア", "体観"],
    "word and filters": ["翻訳|c=translation", "動画編集|inside", "Web|y=50000", "記事作成|c=article,y=30000,inside"],
    "filters only": ["|c=logo", "|y=100000", "|c=translation,y=300000,inside", "|inside"],
    "no query": [""],
    "page 10": ["翻訳|page=10", "募集|page=10", "|page=10"],
}


def run(server: Server) -> Report:
    """p99 of every class of query, the machine's own noise beside it."""
    report = Report(title=f"Search over {JOBS:,} jobs, newest 20")
    with server.scratch("search") as url, django_on(url):
        report.notes = [server.describe(), fill(JOBS), f"each query {ROUNDS} times, over one connection"]
        noise = _timed([_nothing], ROUNDS * 10)
        for name, queries in QUERIES.items():
            found = _timed([_asked(query) for query in queries], ROUNDS)
            said = f"p50 {found.p50_ms:.2f} ms, {found.worked}; {len(queries)} queries, {found.cards} cards"
            report.rows.append(
                Row(name=name, measured=found.p99_ms, unit="ms p99", beside=said, aim=AIM_MS, at_most=True)
            )
        report.rows.append(Row(name="SELECT 1, the machine's own noise", measured=noise.p99_ms, unit="ms p99"))
    return report


def _asked(query: str) -> Callable[[], int]:
    """The query as a call; its filters are written after a bar."""
    from kotowari.market.selectors import search_jobs

    text, _, rest = query.partition("|")
    given = dict(part.partition("=")[::2] for part in rest.split(",") if part)
    asked = {
        "query": text,
        "category": given.get("c", ""),
        "min_yen": int(given.get("y", 0)),
        "stays_inside": "inside" in given,
    }
    cursor = ""
    for _ in range(int(given.get("page", 1)) - 1):
        cursor = search_jobs(None, cursor=cursor, **asked).next_cursor or ""

    def ask() -> int:
        return len(search_jobs(None, cursor=cursor, **asked).cards)

    return ask


def _nothing() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return len(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Times:
    """How long calls took on the clock, and how long processors worked on them, here and in PostgreSQL.

    On a busy machine the clock measures the others as well; the work does not wait for them.
    """

    cards: int
    p50_ms: float
    p99_ms: float
    worked: str


def _timed(calls: list[Callable[[], int]], rounds: int) -> Times:
    """All calls in turn, so many times."""
    for call in calls:
        call()
    backends = work.backends()
    cards, times, worked = 0, [], []
    gc.disable()
    for _ in range(rounds):
        for call in calls:
            before, started = time.thread_time() + work.seconds(backends), time.perf_counter()
            cards = max(cards, call())
            times.append((time.perf_counter() - started) * 1_000)
            worked.append((time.thread_time() + work.seconds(backends) - before) * 1_000)
    gc.enable()
    said = f"worked p50 {statistics.median(worked):.2f} p99 {statistics.quantiles(worked, n=100)[98]:.2f} ms"
    return Times(cards, statistics.median(times), statistics.quantiles(times, n=100)[98], said)
