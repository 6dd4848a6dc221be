"""The words of every menu of the market, side by side in both languages."""

from kotowari.kernel.text import Text

KINDS: dict[str, Text] = {"project": Text("プロジェクト", "Project")}

WORK_UNITS: dict[str, Text] = {
    "hour": Text("時間", "hours"),
    "character": Text("文字", "characters"),
    "piece": Text("件", "pieces"),
}

RIGHTS: dict[str, Text] = {
    "transfer": Text("著作権などの権利は発注者に譲渡する", "Rights pass to the client"),
    "licence": Text(
        "権利は受注者に残り、発注者に利用を許す", "Rights stay with the worker; the client may use the work"
    ),
    "keep": Text("権利は受注者に残る", "Rights stay with the worker"),
}

WITHHOLDING_KINDS: dict[str, Text] = {
    "manuscript": Text("原稿料・校正料", "Writing and proofreading"),
    "translation": Text("翻訳料・通訳料", "Translation and interpreting"),
    "design": Text("デザイン料", "Design"),
    "illustration": Text("挿絵・イラスト料", "Illustration"),
    "photo": Text("写真の報酬", "Photography"),
    "music": Text("作曲・編曲・脚本料", "Composition, arrangement and scripts"),
    "lecture": Text("講演料・知識や技芸の教授", "Lectures and teaching"),
    "other": Text("その他の源泉徴収対象の報酬", "Other pay with withholding"),
}

DECLINE_REASONS: dict[str, Text] = {
    "budget": Text("予算に合わないため", "It does not fit the budget"),
    "schedule": Text("日程が合わないため", "The dates do not fit"),
    "skills": Text("求める経験や技能と異なるため", "Other experience or skills are needed"),
    "other_chosen": Text("ほかの方にお願いすることにしたため", "Somebody else was chosen"),
    "changed_need": Text("依頼の内容が変わったため", "The work itself has changed"),
    "other": Text("その他", "Another reason"),
}
"""What a client may choose; the worker is told, in these words."""

DECLINED_BY_SYSTEM: dict[str, Text] = {
    "job_closed": Text("発注者が募集を終了したため", "The client closed the job"),
    "job_filled": Text("採用予定の人数に達したため", "All places were filled"),
}
"""What the market says when a job ends while proposals wait."""

ALL_DECLINE_REASONS: dict[str, Text] = {**DECLINE_REASONS, **DECLINED_BY_SYSTEM}

PROFILE_PARTS: dict[str, Text] = {
    "introduction": Text("自己紹介", "Introduction"),
    "career": Text("経歴", "Career"),
    "qualifications": Text("保有資格", "Qualifications"),
    "achievements": Text("実績", "Achievements"),
    "work_offered": Text("対応できる業務", "Work offered"),
    "active_hours": Text("活動できる時間帯", "Hours of activity"),
    "motivation": Text("意気込み", "A word on motivation"),
}
"""The seven parts of a profile (A154), in their order."""

PRIVACY_ITEMS: dict[str, Text] = {
    **PROFILE_PARTS,
    "skills": Text("スキル", "Skills"),
    "joined_at": Text("登録日", "Date of joining"),
    "works_done": Text("検収された仕事の件数", "Number of accepted works"),
}
"""What of a profile a member may keep to themselves, one by one (A111)."""
