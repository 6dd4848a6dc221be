"""Every kind of paper (書類): what it is called, its series of numbers, who issues it to whom, and when it comes."""

from dataclasses import dataclass
from typing import Literal

from kotowari.kernel.text import Text

Side = Literal["client", "worker", "operator", "member"]
"""`member` is the one it is about, whichever side that is."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of paper. Numbers run without gaps per `series` and year; `comes` says what makes it come."""

    name: str
    series: str
    title: Text
    issuer: Side
    recipient: Side
    comes: Text


_ALL = (
    PaperKind(
        "order",
        "ORD",
        Text("発注書", "Order terms"),
        "client",
        "worker",
        Text("契約が成立すると発行されます", "It comes when the contract is made"),
    ),
    PaperKind(
        "delivery_note",
        "DLV",
        Text("納品書", "Delivery note"),
        "worker",
        "client",
        Text("納品されると発行されます", "It comes when the work is delivered"),
    ),
    PaperKind(
        "acceptance_note",
        "ACC",
        Text("検収書", "Acceptance note"),
        "client",
        "worker",
        Text("検収されると発行されます", "It comes when the delivery is accepted"),
    ),
    PaperKind(
        "invoice",
        "INV",
        Text("請求書", "Invoice"),
        "worker",
        "client",
        Text("検収されると発行されます", "It comes when the delivery is accepted"),
    ),
    PaperKind(
        "system_fee_invoice",
        "FEW",
        Text("システム利用料の請求書", "Invoice for the system fee"),
        "operator",
        "worker",
        Text("検収されると発行されます", "It comes when the delivery is accepted"),
    ),
    PaperKind(
        "client_fee_invoice",
        "FEC",
        Text("発注手数料の請求書", "Invoice for the client fee"),
        "operator",
        "client",
        Text("検収されると発行されます", "It comes when the delivery is accepted"),
    ),
    PaperKind(
        "receipt",
        "RCP",
        Text("領収書", "Receipt"),
        "operator",
        "client",
        Text("仮払いの入金が確認されると発行されます", "It comes when the money has come into escrow"),
    ),
    PaperKind(
        "payout_statement",
        "PAY",
        Text("支払明細書", "Payout statement"),
        "operator",
        "member",
        Text("振込が完了すると発行されます", "It comes when the transfer has arrived"),
    ),
    PaperKind(
        "withholding_summary",
        "WHS",
        Text("源泉徴収の集計", "Withholding summary"),
        "operator",
        "member",
        Text("年が明けると前年の分が発行されます", "It comes in January for the year before"),
    ),
    PaperKind(
        "payment_record",
        "REC",
        Text("支払調書のデータ", "Payment record data"),
        "client",
        "worker",
        Text("年が明けると前年の分が発行されます", "It comes in January for the year before"),
    ),
)
KINDS: dict[str, PaperKind] = {kind.name: kind for kind in _ALL}
"""Every kind, by name."""
