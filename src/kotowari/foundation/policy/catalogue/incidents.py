"""The operator's own faults, and changes of signing in that are told ahead."""

from kotowari.foundation.policy.keys import define
from kotowari.foundation.policy.kinds import Whole
from kotowari.kernel.text import Text

UPDATE_MINUTES = define(
    "incidents.update_minutes",
    Whole("minutes", 5, 4_320),
    Text("次の続報までの時間", "Time until further word"),
    Text(
        "障害や事故の知らせのあと、次の続報を約束するまでの時間。担当者は知らせごとに変えられる。",
        "How soon after word of an incident the next is promised; staff may change it each time.",
    ),
    rule="A039",
)
REMIND_MINUTES = define(
    "incidents.remind_minutes",
    Whole("minutes", 5, 1_440),
    Text("続報の催促の間隔", "How often further word is asked for"),
    Text(
        "続報が期限までにないとき、担当者全員にくり返し知らせる間隔。",
        "How often all of staff are reminded while promised word is missing.",
    ),
    rule="A039",
)
LAPSE_DAYS = define(
    "incidents.lapse_days",
    Whole("days", 1, 60),
    Text("続報のない障害や事故が終わるまで", "End of an incident without further word"),
    Text(
        "最後の知らせからこの日数、何も書かれないと、終わったものとする。",
        "An incident about which nothing was written for so long counts as over.",
    ),
    rule="A039",
)
WATCH_HOURS = define(
    "incidents.watch_hours",
    Whole("hours", 1, 336),
    Text("復旧後に経過をみる時間", "How long it is watched afterwards"),
    Text(
        "復旧してから解決済みになるまで。その間は、お知らせの帯と稼働状況に出る。",
        "From its end until it is closed; meanwhile it stands on the banner and on the status page.",
    ),
    rule="A039",
)
HISTORY_DAYS = define(
    "incidents.history_days",
    Whole("days", 7, 730),
    Text("稼働状況に載せる期間", "How far back the status page goes"),
    Text(
        "過去の障害や事故を稼働状況に載せる日数。起きた時をさかのぼって記録できるのもこの日数まで。",
        "For how many days past incidents are listed; as far back can one be recorded afterwards.",
    ),
    rule="A039",
)
