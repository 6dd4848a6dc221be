"""Invoices, receipts and the other papers: when they come, what stands on them, and what to do when one is wrong."""

from datetime import date

from kotowari.kernel.text import Text
from kotowari.support.faq import Article, Part, Way

ABOUT_PAPERS = Article(
    slug="papers",
    audience="all",
    group="papers",
    title=Text("請求書・領収書・支払明細書はどこにありますか", "Where are invoices, receipts and payout statements?"),
    lead=Text(
        "「書類」のページに、できごとのたびに自動で並びます。PDFで保存でき、日付・金額・相手・種類で探せます。",
        "On the page “Papers”: they come by themselves, can be kept as PDF and found by day, amount, other side and kind.",
    ),
    parts=(
        Part(
            title=Text("いつ発行されるか", "When they come"),
            points=(
                Text("発注書: 契約が成立したとき", "Order terms: when the contract is made"),
                Text("領収書: 仮払いの入金が確認されたとき", "Receipt: when the money has come into escrow"),
                Text("納品書: 納品のたび", "Delivery note: with each delivery"),
                Text(
                    "検収書・請求書・利用料の請求書: 検収されたとき",
                    "Acceptance note, invoice, invoices for fees: when the delivery is accepted",
                ),
                Text("支払明細書: 振込が完了したとき", "Payout statement: when the transfer has arrived"),
                Text(
                    "源泉徴収の集計と支払調書のデータ: 年が明けたとき",
                    "Withholding summary and payment record data: in January",
                ),
            ),
            ways=(Way("/my/papers/", Text("書類のページを開く", "Open your papers")),),
        ),
        Part(
            title=Text("適格請求書(インボイス)", "Qualified invoices"),
            words=(
                Text(
                    "請求書は、受注者の名前で、運営が代わって発行します。受注者が登録番号を届けていれば適格請求書になり、届けて"
                    "いなければ番号のない請求書になります。登録するかどうかは受注者が決めることで、登録がないことを理由に"
                    "合意した報酬を減らすことはできません。",
                    "Invoices are issued in the worker's name, handed over by the operator. With the worker's number they are "
                    "qualified ones. Whether to register is the worker's choice and no ground for paying less than agreed.",
                ),
            ),
            ways=(Way("/my/papers/registration/", Text("登録番号を届ける", "Tell your registration number")),),
        ),
        Part(
            title=Text("書類に誤りがあるとき", "When one is wrong"),
            words=(
                Text(
                    "発行された書類は、誰にも書き換えられません。名前や登録番号を直してから、請求書のページで理由を添えて出し直して"
                    "ください。前の書類は「置き換え済み」として残ります。運営が出した書類の誤りは、お問い合わせください。",
                    "Nobody can change a paper. Put your name or number right, then issue the invoice again from its page, with "
                    "a reason; the earlier one stays, marked as replaced. For papers of the operator, contact us.",
                ),
            ),
        ),
        Part(
            title=Text("保存について", "How long they are kept"),
            words=(
                Text(
                    "書類は、発行した年の末日から{keep}のあいだ、必ずここで探せます。一覧はCSVとExcelでも保存できます。",
                    "Papers stay here for {keep} from the end of the year of issue. The list can be kept as CSV and Excel.",
                ),
            ),
        ),
    ),
    keywords=Text(
        "インボイス 適格請求書 登録番号 領収書 納品書 検収書 発注書 支払明細 源泉徴収 支払調書 確定申告 電子帳簿保存法 PDF",
        "invoice receipt statement tax registration number withholding payment record pdf papers",
    ),
    related=("about-contact",),
    topics=("money",),
    codes=("papers.",),
    numbers={"keep": "papers.keep_years"},
    checked_on=date(2026, 11, 30),
)
