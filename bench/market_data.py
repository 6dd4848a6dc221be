"""A market of any size for measurements: jobs written by COPY, their index words from the product's own tokenizer."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

SEED = 20261120
TASKS = {
    # word: how often, of 1,000 jobs; each with the ways people write it
    ("翻訳",): 90,
    ("引越し", "引っ越し", "ひっこし", "引越"): 60,
    ("サーバー", "サーバ"): 70,
    ("Web", "ＷＥＢ", "ウェブ"): 120,
    ("ロゴデザイン",): 60,
    ("動画編集",): 90,
    ("データ入力", "ﾃﾞｰﾀ入力"): 110,
    ("文字起こし", "文字おこし"): 50,
    ("記事作成",): 120,
    ("WordPress", "ワードプレス"): 60,
    ("LP", "ランディングページ"): 40,
    ("見積書", "見積り書"): 20,
    ("バナー",): 50,
    ("イラスト",): 50,
    ("天体観測",): 1,
    ("真空管アンプ",): 1,
}
SUBJECTS = [
    "料理",
    "旅行",
    "美容",
    "医療",
    "不動産",
    "教育",
    "金融",
    "製造",
    "農業",
    "ゲーム",
    "ペット",
    "住宅",
    "転職",
    "健康",
]
ENDINGS = [
    "のお仕事",
    "をお願いします",
    "スタッフ募集",
    "(継続あり)",
    "【初心者歓迎】",
    "できる方を探しています",
    "の依頼",
    "／在宅OK",
]
SENTENCES = [
    "{subject}に関する{task}をお願いできる方を募集しています。",
    "未経験の方でも、マニュアルに沿って進めていただければ問題ありません。",
    "作業量は週に10時間ほどを想定しています。",
    "納品後にこちらで内容を確認し、修正があれば箇条書きでお伝えします。",
    "{task}のご経験がある方は、過去の実績をお知らせください。",
    "ご不明な点は応募の前にメッセージでお問い合わせください。",
    "{subject}の知識がある方を優先します。",
    "長くお付き合いいただける方を歓迎します。",
]
PAYS_YEN = [1_000, 3_000, 5_000, 8_000, 10_000, 15_000, 30_000, 50_000, 80_000, 150_000, 300_000]


def fill(rows: int) -> str:
    """Write so many open jobs of 2,000 clients; says how long it took and how large they are."""
    from django.db import connection

    from kotowari.accounts.models import Member
    from kotowari.market.models import Category

    clients = Member.objects.bulk_create(
        Member(username=f"client{i:05}", display_name=f"発注者{i}", email=f"client{i}@example.com")
        for i in range(2_000)
    )
    categories = list(Category.objects.all())
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX job_open_search")
        with cursor.copy(f"COPY market_job ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in _rows(rows, clients, categories):
                copy.write_row(row)
        copied = time.perf_counter()
        cursor.execute("SELECT setval('market_job_number', %s)", [rows])
        cursor.execute(
            "CREATE INDEX job_open_search ON market_job USING gin (search) WITH (fastupdate = off) WHERE state = 'open'"
        )
        cursor.execute("VACUUM ANALYZE market_job")
        cursor.execute(
            "SELECT pg_size_pretty(pg_relation_size('job_open_search')), pg_size_pretty(pg_table_size('market_job'))"
        )
        index_size, table_size = cursor.fetchone()
    indexed = time.perf_counter()
    return (
        f"{rows:,} jobs: words and COPY {copied - started:.1f} s, index and statistics {indexed - copied:.1f} s;"
        f" index {index_size}, table {table_size}"
    )


COLUMNS = [
    "id",
    "number",
    "client_id",
    "kind",
    "category_id",
    "title",
    "description",
    "budget_min_yen",
    "budget_max_yen",
    "work_unit",
    "hires_wanted",
    "hires_made",
    "apply_until",
    "due_on",
    "stays_inside",
    "poster_name",
    "poster_address",
    "poster_contact",
    "work_place",
    "rights",
    "rights_note",
    "delivery_place",
    "inspection_days",
    "payment_due_days",
    "has_non_cash_payment",
    "non_cash_terms",
    "is_recommission",
    "recommission_terms",
    "has_withholding",
    "withholding_kind",
    "state",
    "posted_at",
    "search",
]


def _rows(rows: int, clients: list, categories: list) -> Iterator[tuple]:
    from kotowari.kernel.ids import new_id
    from kotowari.market.search import vector, words

    chance = random.Random(SEED)
    tasks, weights = list(TASKS), list(TASKS.values())
    known: dict[str, frozenset[str]] = {}
    now = datetime.now(UTC)

    def lexemes(sentence: str) -> frozenset[str]:
        if sentence not in known:
            known[sentence] = frozenset(words.lexemes_of(words.runs_of(sentence)))
        return known[sentence]

    for number in range(1, rows + 1):
        task = chance.choice(chance.choices(tasks, weights)[0])
        subject = chance.choice(SUBJECTS)
        start = chance.choice([f"{subject}の", f"{subject}サイトの", f"{subject}に関する", ""])
        title = f"{start}{task}{chance.choice(ENDINGS)}"
        if number < rows // 10:
            title = f"【閉店セール】{title}"
        sentences = [s.format(subject=subject, task=task) for s in chance.sample(SENTENCES, 5)]
        category, pay = chance.choice(categories), chance.choice(PAYS_YEN)
        inside = chance.random() < 0.6
        found = set(lexemes(title)).union(*map(lexemes, sentences), words.letter_pairs_of(title))
        found |= vector.facts(number, category.slug, category.group, "project", pay, inside)
        posted = now - timedelta(seconds=30 * (rows - number))
        yield (
            new_id(), number, chance.choice(clients).id, "project", category.id, title, "".join(sentences),
            pay, pay, "", 1, 0, now + timedelta(days=10), (now + timedelta(days=30)).date(), inside,
            "例示商店", "東京都千代田区1-1", "03-0000-0000", "在宅", "transfer", "", "納品画面", 7, 60, False, "",
            False, "", False, "", "open", posted, vector.literal(found),
        )  # fmt: skip
