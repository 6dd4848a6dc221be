"""Jobs found by words and facts, newest first, page by page, in a bounded number of queries."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.service.market.conftest import MakeJob, MakeMember, MakeProposal, posting

from kotowari.accounts.models import Member
from kotowari.kernel.ids import new_id
from kotowari.market.models import Category, Job, Profile, Proposal, ProposalMilestone
from kotowari.market.search import find, vector
from kotowari.market.selectors import (
    categories_by_group,
    client_records,
    jobs_of,
    proposals_visible_to,
    search_jobs,
)
from kotowari.market.services import close_job, mark_accepted
from kotowari.market.services.jobs import index_words, rebuild_index

pytestmark = pytest.mark.django_db


def titles(query: str = "", **more: Any) -> list[str]:
    return [card.title for card in search_jobs(None, query=query, **more).cards]


@pytest.fixture
def jobs(clock: Any, make_job: MakeJob) -> list[Job]:
    return [
        make_job(title="英語から日本語への翻訳", category="translation", budget_min_yen=20_000),
        make_job(title="引っ越し業者のサイト制作", category="website", budget_min_yen=200_000, stays_inside=False),
        make_job(title="サーバーの構築と保守", category="infrastructure", description="Linuxの経験がある方。"),
        make_job(title="ＷＥＢデザイン(バナー3枚)", category="web-design"),
        make_job(title="飲食店のロゴデザイン", category="logo"),
        make_job(title="ヌコヌコ商店の宣伝文", category="copy"),
    ]


@pytest.mark.rule("A156")
@pytest.mark.parametrize(
    ("queries", "title"),
    [
        (["翻訳", "日本語", "英語　翻訳", "翻訳 英語"], "英語から日本語への翻訳"),
        (["引越し", "引っ越し", "ひっこし", "引越", "引越業者"], "引っ越し業者のサイト制作"),
        (["サーバ", "サーバー", "ｻｰﾊﾞｰ", "サーバー構築", "linux", "ＬＩＮＵＸ"], "サーバーの構築と保守"),
        (["ＷＥＢ", "Web", "ウェブ", "ウェブデザイン", "バナー"], "ＷＥＢデザイン(バナー3枚)"),
        (["ロゴ", "ロゴデザイン", "飲食店"], "飲食店のロゴデザイン"),
        (["コヌコ商"], "ヌコヌコ商店の宣伝文"),
    ],
)
def test_every_spelling_finds_the_job(jobs: list[Job], queries: list[str], title: str) -> None:
    for query in queries:
        assert titles(query) == [title], query


@pytest.mark.parametrize(
    "query", ["落語", "!!!", "'; DROP TABLE market_job; --", "翻訳 落語", "' | '落語", "\x00", "\\", "a\x00b"]
)
def test_what_is_nowhere_finds_nothing_and_breaks_nothing(jobs: list[Job], query: str) -> None:
    assert titles(query) == []


def test_words_of_the_description_are_found_too_and_the_newest_comes_first(jobs: list[Job]) -> None:
    assert titles("新しく") == [job.title for job in reversed(jobs) if job.category.slug != "infrastructure"]


@pytest.mark.rule("A156", "A199")
def test_facts_narrow_a_search_alone_and_with_words(jobs: list[Job]) -> None:
    assert titles(category="logo") == ["飲食店のロゴデザイン"]
    assert titles(group="design") == ["飲食店のロゴデザイン", "ＷＥＢデザイン(バナー3枚)"]
    assert titles(min_yen=100_000) == ["引っ越し業者のサイト制作"]
    assert titles(min_yen=200_001) == []
    assert titles(min_yen=30_000, group="writing") == ["ヌコヌコ商店の宣伝文"]
    assert "引っ越し業者のサイト制作" not in titles(stays_inside=True)
    assert titles("デザイン", category="web-design", stays_inside=True, kind="project") == ["ＷＥＢデザイン(バナー3枚)"]
    assert titles("翻訳", category="logo") == []
    assert titles(category="no-such") == []
    assert titles(kind="task") == []


def test_a_job_that_is_over_is_not_found(jobs: list[Job], client_member: Member) -> None:
    close_job(actor=client_member, job_id=jobs[0].pk)
    assert titles("翻訳") == []
    assert len(titles()) == 5


def test_pages_follow_each_other_without_gap_or_repetition_whatever_is_added(clock: Any, make_job: MakeJob) -> None:
    for n in range(7):
        make_job(title=f"翻訳その{n}")
    for asked in ({"query": "翻訳"}, {}, {"category": "logo"}):
        seen, cursor, pages = [], "", 0
        while True:
            page = search_jobs(None, limit=3, cursor=cursor, **asked)
            seen += [card.title for card in page.cards]
            pages += 1
            make_job(title="翻訳あとから")
            if page.next_cursor is None:
                break
            cursor = page.next_cursor
        assert [t for t in seen if t != "翻訳あとから"] == [f"翻訳その{n}" for n in range(6, -1, -1)]
        assert len(set(seen)) >= 7
        Job.objects.filter(title="翻訳あとから").delete()
        assert pages == 3


@pytest.mark.parametrize("cursor", ["x", "1", "-", "1-x", "9" * 30 + "-0", "1-99", "١-٠"])
def test_a_cursor_that_is_none_of_ours_begins_the_list_again(jobs: list[Job], cursor: str) -> None:
    assert titles("翻訳", cursor=cursor) == ["英語から日本語への翻訳"]


def test_the_search_goes_back_over_many_shelves_in_order(clock: Any, make_job: MakeJob) -> None:
    """Running numbers far apart stand on different shelves, or beyond the last; order and limit still hold."""
    numbers = [1, 4_095, 4_096, 70_000, 131_072, 400_000, 5_000_000, 5_000_001]
    for number in numbers:
        job = make_job(title=f"翻訳{number}")
        job.number = number
        job.search = index_words(job)
        Job.objects.filter(pk=job.pk).update(number=number, search=job.search)
    found = [card.number for card in search_jobs(None, query="翻訳").cards]
    assert found == numbers[::-1]
    assert [card.number for card in search_jobs(None, query="翻訳", category="logo").cards] == numbers[::-1]
    page = search_jobs(None, query="翻訳", limit=3)
    rest = search_jobs(None, query="翻訳", cursor=page.next_cursor or "")
    assert [c.number for c in [*page.cards, *rest.cards]] == numbers[::-1]


@pytest.mark.parametrize("parts", [["'x'"], ["'x'", "'y'"]])
def test_shelves_leave_no_number_out_and_none_twice(parts: list[str]) -> None:
    for top in (1, 4_095, 4_096, 65_535, 65_536, 200_000, 3_000_000, 50_000_000):
        upper = top
        strides = find._strides(parts, top)
        for _, lower, its_upper in strides:
            assert its_upper == upper
            upper = lower - 1
        assert upper == -1
        assert len(strides) < 50


def test_cards_show_the_clients_record_and_what_i_have_to_do_with_the_job(
    jobs: list[Job], client_member: Member, worker: Member, make_proposal: MakeProposal
) -> None:
    proposal = make_proposal(jobs[0])
    mark_accepted(actor=client_member, proposal_id=make_proposal(jobs[1]).pk)
    card = search_jobs(worker, query="翻訳").cards[0]
    assert (card.own_proposal_state, card.is_mine) == (proposal.state, False)
    assert (card.record.jobs_posted, card.record.jobs_open, card.record.hires_made) == (6, 5, 1)
    assert search_jobs(client_member, query="翻訳").cards[0].is_mine
    record = client_records([client_member.pk], with_answers=True)[client_member.pk]
    assert (record.answered, record.answered_percent) == (1, 100)


@pytest.mark.rule("A097", "A156")
def test_categories_carry_the_number_of_jobs_open_now(jobs: list[Job], client_member: Member) -> None:
    def counted() -> dict[str, int]:
        return {c.category.slug: c.open_jobs for group in categories_by_group() for c in group.categories}

    assert counted()["logo"] == 1
    assert sum(group.open_jobs for group in categories_by_group()) == 6
    close_job(actor=client_member, job_id=jobs[4].pk)
    assert counted()["logo"] == 0
    assert len(counted()) == Category.objects.count()


def test_the_index_can_be_written_anew(jobs: list[Job]) -> None:
    Job.objects.update(search="'nothing'")
    assert titles("翻訳") == []
    assert rebuild_index(at_once=2) == 6
    assert titles("翻訳") == ["英語から日本語への翻訳"]


def many_jobs(count: int, make_member: MakeMember) -> None:
    """Jobs of many clients, each with a proposal, quickly."""
    from kotowari.kernel import clock
    from kotowari.market import postings

    clients = [make_member(f"client_{n}") for n in range(min(count, 30))]
    worker = make_member("worker_many")
    columns: Any = postings.read(posting(), categories=frozenset(["logo"]))
    columns["category"] = Category.objects.get(slug="logo")
    jobs = [Job(client=clients[n % len(clients)], number=n + 1, **columns) for n in range(count)]
    for job in jobs:
        job.search = vector.literal(
            {"ロゴ", "デザイン", "ロゴ デザイン"} | vector.facts(job.number, "logo", "design", "project", 30_000, True)
        )
    Job.objects.bulk_create(jobs)
    Profile.objects.create(member=worker)
    proposals = [
        Proposal(job=job, worker=worker, message="お願いします", lapses_at=job.apply_until, sent_at=clock.now())
        for job in jobs
    ]
    Proposal.objects.bulk_create(proposals)
    ProposalMilestone.objects.bulk_create(
        ProposalMilestone(id=new_id(), proposal=p, position=1, title="全部", price_yen=1, due_on=clock.today())
        for p in proposals
    )


@pytest.mark.parametrize("count", [10, 1_000])
def test_lists_take_as_many_queries_for_a_thousand_rows_as_for_ten(
    clock: Any, make_member: MakeMember, count: int
) -> None:
    many_jobs(count, make_member)
    worker, client = Member.objects.get(username="worker_many"), Member.objects.get(username="client_0")

    def queries(call: Any) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            call()
        return len(seen)

    def shown(actor: Member | None, **asked: Any) -> None:
        cards = search_jobs(actor, **asked).cards
        assert len(cards) == min(count, 20)
        for card in cards:
            assert card.category_name.ja
            assert card.client_name
            assert card.record.jobs_posted
            assert card.pay.reaches_min_yen
            assert card.days_left == 10

    assert queries(lambda: shown(None)) == 1
    assert queries(lambda: shown(worker)) == 1
    assert queries(lambda: shown(None, query="ロゴデザイン")) == 3
    assert queries(lambda: shown(worker, query="ロゴ", category="logo", min_yen=10_000)) == 3
    assert queries(lambda: search_jobs(None, query="落語")) <= 4
    assert queries(categories_by_group) == 2
    assert queries(lambda: [j.category.name for j in jobs_of(client)]) == 1
    assert (
        queries(lambda: [(p.job.title, p.worker, list(p.milestones.all())) for p in proposals_visible_to(worker)]) == 2
    )
