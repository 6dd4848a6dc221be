"""Postings as the demo's clients write them: one kind of work, one variant, one client's own words around it."""

import random
from dataclasses import dataclass
from datetime import timedelta

from kotowari.demo import voices
from kotowari.demo.people import Client
from kotowari.demo.wording import Work
from kotowari.kernel import clock
from kotowari.market.postings import Posting

AGAIN = ("【継続あり】", "【初めての方も歓迎】", "追加募集:", "【在宅】")
"""What people put before a title when they ask for such work again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a client asks for, with the price they think of, in yen without tax."""

    work: Work
    variant: tuple[str, ...]
    least_yen: int
    most_yen: int | None
    prefix: str = ""

    @property
    def title(self) -> str:
        return self.prefix + self.work.title.format(*self.variant)

    @property
    def middle_yen(self) -> int:
        """A price somewhere in the middle."""
        return (self.least_yen + (self.most_yen or self.least_yen)) // 2


def make_offer(rng: random.Random, work: Work, variant: tuple[str, ...], *, again: int = 0) -> Offer:
    """A price that fits the work: fixed, or from and to."""
    least, most = work.yen
    step = 500 if most <= 30_000 else 1_000 if most <= 100_000 else 5_000
    lower = _rounded(rng.uniform(least, least + (most - least) * 0.6), step)
    upper = _rounded(rng.uniform(lower * 1.15, min(lower * 1.7, most * 1.1)), step)
    return Offer(
        work=work,
        variant=variant,
        least_yen=lower,
        most_yen=upper if upper > lower and rng.random() < 0.6 else None,
        prefix=rng.choice(AGAIN) if again else "",
    )


def write_posting(rng: random.Random, offer: Offer, by: Client, *, open_days: int, work_days: int) -> Posting:
    """The posting with all its facts and terms, as of today."""
    work = offer.work
    today = clock.today()
    apply_until = today + timedelta(days=open_days)
    withheld = bool(work.withholding) and by.is_company
    return Posting(
        title=offer.title,
        description=_description(rng, offer, by),
        category=work.category,
        budget_min_yen=offer.least_yen,
        budget_max_yen=offer.most_yen,
        work_amount=_amount(rng, work),
        work_unit=work.unit,
        hires_wanted=work.hires,
        apply_until_on=apply_until,
        due_on=apply_until + timedelta(days=work_days),
        stays_inside=rng.random() < 0.9,
        poster_name=by.shown,
        poster_address=by.place,
        poster_contact=by.member.email,
        work_place="現地(詳細は相談)" if work.title.endswith("撮影({1})") else "在宅",
        rights=work.rights,
        delivery_place="契約のページで納品",
        inspection_days=rng.choice((5, 7, 7, 7, 10)),
        payment_due_days=rng.choice((45, 50, 60)),
        has_non_cash_payment=False,
        is_recommission=False,
        has_withholding=withheld,
        withholding_kind=work.withholding if withheld else "",
    )


def _description(rng: random.Random, offer: Offer, by: Client) -> str:
    work, variant = offer.work, offer.variant
    points = "\n".join(f"・{point.format(*variant)}" for point in work.points)
    return "\n\n".join(
        (
            f"ご覧いただきありがとうございます。{by.says}",
            work.need.format(*variant),
            f"【依頼したいこと】\n{points}",
            f"【お願いしたい方】\n・{rng.choice(voices.SOUGHT)}",
            rng.choice(voices.ASK),
        )
    )


def _amount(rng: random.Random, work: Work) -> int | None:
    least, most = work.amounts
    if not work.unit:
        return None
    step = 1 if most <= 60 else 10 if most < 2_000 else 500
    return max(least, rng.randrange(least, most + 1) // step * step)


def _rounded(yen: float, step: int) -> int:
    return max(step, round(yen / step) * step)
