"""Jobs, proposals and task work."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Whole
from kotowari.kernel.money import MAX_YEN
from kotowari.kernel.text import Text

PROPOSAL_LAPSE_DAYS = define(
    "market.proposal_lapse_days",
    Whole("days", 1, 90),
    Text("応募の失効", "Lapse of a proposal"),
    Text(
        "応募期限から何日で、返事のない応募が失効するか。",
        "Days after the application deadline until a proposal without an answer lapses.",
    ),
    rule="A081",
    needs_notice=True,
)
JOB_OPEN_DAYS_MAX = define(
    "market.job_open_days_max",
    Whole("days", 1, 365),
    Text("募集の最長期間", "Longest time a job is open"),
    Text("公開から応募期限までの最長の日数。", "The most days from publishing to the application deadline."),
)
PROJECT_MINIMUM_YEN = define(
    "market.project_minimum_yen",
    Whole("yen", 1, 1_000_000),
    Text("プロジェクトの最低価格", "Price floor of a project"),
    Text("プロジェクトと提案に付けられる最低の価格(税抜)。", "The lowest price of a project or proposal, without tax."),
    rule="A187",
    needs_notice=True,
)
PROJECT_MAXIMUM_YEN = define(
    "market.project_maximum_yen",
    Whole("yen", 10_000, MAX_YEN),
    Text("プロジェクトの最高価格", "Price ceiling of a project"),
    Text(
        "プロジェクトと提案に付けられる最高の価格(税抜)。", "The highest price of a project or proposal, without tax."
    ),
    needs_notice=True,
)
TASK_AUTO_APPROVE_DAYS = define(
    "tasks.auto_approve_days",
    Whole("days", 1, 60),
    Text("タスクの自動承認", "Automatic approval of task work"),
    Text(
        "期限から何日で、返事のないタスク作業が承認されるか。",
        "Days after the deadline until unanswered task work is approved.",
    ),
    rule="A080",
    needs_notice=True,
)
TASK_REJECTION_MAX_PERMILLE = define(
    "tasks.rejection_max_permille",
    Whole("permille", 0, 1_000),
    Text("タスクの非承認の上限", "Most rejections of task work"),
    Text(
        "1つの募集で非承認にできる作業の割合の上限。", "The largest share of one posting's work that may be rejected."
    ),
    needs_notice=True,
)
TASK_REJECTIONS_ALWAYS_ALLOWED = define(
    "tasks.rejections_always_allowed",
    Whole("count", 0, 100),
    Text("割合によらず非承認にできる件数", "Rejections allowed whatever the share"),
    Text("割合の上限によらず非承認にできる件数。", "How many pieces may be rejected even if the share is exceeded."),
    needs_notice=True,
)
