from tests.twins import Twin

from kotowari.web import gates

TWINS = [
    Twin(
        gates.OPEN_MEMBER_PAGE,
        gates.PageVisit(signed_in=True, address="/my/"),
        {"sign_in_needed": ("signed_in", False)},
    )
]
