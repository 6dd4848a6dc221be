"""Numbers that tax law sets; they change on the law's dates."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Choice, Whole
from kotowari.kernel.text import Text

CONSUMPTION_PERMILLE = define(
    "tax.consumption_permille",
    Whole("permille", 0, 300),
    Text("消費税率", "Consumption tax"),
    Text(
        "標準税率。税額は契約ごとに1回、切り捨てで計算する。",
        "The standard rate; the tax is computed once per contract, rounded down.",
    ),
    rule="消費税法",
)
WITHHOLDING_BASIS_POINTS = define(
    "tax.withholding_basis_points",
    Whole("basis_points", 0, 5_000),
    Text("源泉徴収の税率", "Withholding rate"),
    Text(
        "発注者が源泉徴収義務者で、対象の仕事を個人に頼むときの税率(復興特別所得税を含む)。",
        "The rate when a client with a duty to withhold gives listed kinds of work to an individual.",
    ),
    rule="所得税法204条",
)
WITHHOLDING_ABOVE_YEN = define(
    "tax.withholding_above_yen",
    Whole("yen", 0, 100_000_000),
    Text("源泉徴収の税率が上がる額", "Amount above which withholding rises"),
    Text(
        "1回の支払いのうち、この額を超える部分には高い税率がかかる。",
        "The part of one payment above it bears the higher rate.",
    ),
    rule="所得税法204条",
)
WITHHOLDING_ABOVE_BASIS_POINTS = define(
    "tax.withholding_above_basis_points",
    Whole("basis_points", 0, 5_000),
    Text("超える部分の源泉徴収の税率", "Withholding rate above that amount"),
    Text("1回の支払いのうち、基準額を超える部分の税率。", "The rate of the part of one payment above that amount."),
    rule="所得税法204条",
)
WITHHOLDING_BASE = define(
    "tax.withholding_base",
    Choice(
        {
            "without_tax": Text("税抜の報酬額", "the amount without consumption tax"),
            "with_tax": Text("税込の報酬額", "the amount with consumption tax"),
        }
    ),
    Text("源泉徴収の計算のもと", "What withholding is a share of"),
    Text(
        "請求書で消費税額を分けて示すときは、税抜の額をもとにできる。",
        "Where the bill shows consumption tax apart, the amount without tax may be taken.",
    ),
    rule="所得税法204条",
)
UNREGISTERED_CREDIT_PERMILLE = define(
    "tax.unregistered_credit_permille",
    Whole("permille", 0, 1_000),
    Text("免税事業者等からの仕入れの控除割合", "Input tax credit for purchases from unregistered suppliers"),
    Text(
        "適格請求書を出せない受注者への支払いについて、発注者が控除できる消費税の割合。",
        "The share of consumption tax a client may deduct when the worker cannot issue qualified invoices.",
    ),
    rule="消費税法",
)
