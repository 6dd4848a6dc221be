"""How long papers are kept, and what the tax office wants to hear of."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Whole
from kotowari.kernel.text import Text

KEEP_YEARS = define(
    "papers.keep_years",
    Whole("years", 7, 30),
    Text("書類を保存する年数", "How long papers are kept"),
    Text(
        "発行した年の末日から、書類を消さずに探せるようにしておく年数。7年より短くはできない。",
        "Years from the end of the year of issue in which a paper stays and can be found; never less than seven.",
    ),
    rule="電子帳簿保存法",
)
PAYMENT_RECORD_ABOVE_YEN = define(
    "papers.payment_record_above_yen",
    Whole("yen", 0, 10_000_000),
    Text("支払調書が必要になる額", "Amount above which a payment record is due"),
    Text(
        "同じ人への1年の支払いがこの額を超えると、発注者は支払調書を税務署に出す。",
        "When a year's pay to one person exceeds it, the client files a payment record.",
    ),
    rule="所得税法225条",
)
