"""What an operator should hear before going public: who issues the papers."""

from typing import Any

from django.core.checks import CheckMessage, Warning, register

from kotowari.papers.operator import NAME, REGISTRATION, operator_identity


@register(deploy=True)
def operator_is_named(**_: Any) -> list[CheckMessage]:
    """Without a name no receipt, statement or invoice for fees can come; without a number they are not qualified."""
    operator = operator_identity()
    if operator is None:
        return [
            Warning(
                f"{NAME} が設定されていないため、領収書・支払明細書・手数料の請求書を発行できません。"
                f" / {NAME} is not set: receipts, payout statements and invoices for fees cannot be issued.",
                id="papers.W001",
            )
        ]
    if operator.problems:
        return [Warning(f"{problem.ja} / {problem.en}", id="papers.W002") for problem in operator.problems]
    if not operator.registration:
        return [
            Warning(
                f"{REGISTRATION} が設定されていないため、手数料の請求書は適格請求書になりません。"
                f" / {REGISTRATION} is not set: invoices for fees will not be qualified ones.",
                id="papers.W003",
            )
        ]
    return []
