"""What the operator charges on a contract."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Choice, Whole
from kotowari.foundation.policy.rows import MAX_PERMILLE, Tiers
from kotowari.kernel.text import Text

SYSTEM_TIERS = define(
    "fees.system_tiers",
    Tiers(),
    Text("システム利用料(プロジェクト)", "System fee (projects)"),
    Text(
        "報酬から差し引く利用料。段ごとに、その段に入る部分だけに率を掛ける。",
        "The share taken from a reward; each tier's rate applies only to the part of the amount inside the tier.",
    ),
    needs_notice=True,
)
TASK_TIERS = define(
    "fees.task_tiers",
    Tiers(),
    Text("システム利用料(タスク)", "System fee (tasks)"),
    Text("タスク形式の報酬から差し引く利用料。", "The share taken from the reward of task work."),
    needs_notice=True,
)
CLIENT_PERMILLE = define(
    "fees.client_permille",
    Whole("permille", 0, MAX_PERMILLE),
    Text("発注手数料", "Client fee"),
    Text("契約金額に上乗せして発注者が払う手数料。", "What the client pays on top of the contract amount."),
    needs_notice=True,
)
BASE = define(
    "fees.base",
    Choice(
        {
            "without_tax": Text("税抜の契約金額", "the amount without consumption tax"),
            "with_tax": Text("税込の契約金額", "the amount with consumption tax"),
        }
    ),
    Text("手数料の計算のもと", "What fees are a share of"),
    Text(
        "手数料の率を、税抜と税込のどちらの契約金額に掛けるか。",
        "Whether fees are taken of the amount without or with tax.",
    ),
    needs_notice=True,
)
TAX = define(
    "fees.tax",
    Choice(
        {
            "added": Text("率に消費税を加える", "consumption tax is added to the fee"),
            "included": Text("率に消費税を含む", "the fee includes consumption tax"),
        }
    ),
    Text("手数料の消費税", "Consumption tax on fees"),
    Text("手数料の率が税別か税込か。", "Whether fee rates are quoted without or with tax."),
    needs_notice=True,
)
ROUNDING = define(
    "fees.rounding",
    Choice(
        {
            "down": Text("切り捨て", "rounded down"),
            "half_up": Text("四捨五入", "rounded half up"),
            "up": Text("切り上げ", "rounded up"),
        }
    ),
    Text("手数料の端数", "Fractions of a yen in fees"),
    Text("1円未満の端数の扱い。手数料ごとに1回だけ丸める。", "What happens to a fraction of a yen, once per fee."),
    needs_notice=True,
)
