"""What was typed into a form when a proof turned out to be missing: sealed in the session until one comes back with it."""

import base64
import binascii
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.http import HttpRequest

from kotowari.accounts.gates import TO_PROVE_AGAIN
from kotowari.foundation import policy
from kotowari.foundation.crypto import CryptoError, keyring
from kotowari.kernel import clock
from kotowari.kernel.gates import Decision
from kotowari.web import current

KEPT = "kept"
LABEL = "web.kept"
LONGEST = 200
"""Characters of one field; what is longer fits none of the fields that are kept."""


def keep_for_proof(request: HttpRequest, decision: Decision, names: Iterable[str]) -> bool:
    """Keep these fields of what was sent for this address if a proof would help, in place of what was kept before.

    Says whether they are kept.
    """
    if not any(blocker.remedy == TO_PROVE_AGAIN for blocker in decision.blockers):
        return False
    typed = {name: value for name in names if 0 < len(value := request.POST.get(name, "")) <= LONGEST}
    plain = json.dumps({"path": request.path, "typed": typed, "at": clock.now().isoformat()}).encode()
    sealed = keyring().seal(plain, label=LABEL, row=str(current.me().pk))
    request.session[KEPT] = base64.b64encode(sealed).decode()
    return True


def taken_back(request: HttpRequest, decision: Decision) -> dict[str, str]:
    """What was kept for this address, once the decision allows it, and is kept no longer.

    Nothing where nothing was kept, where it does not open any more, or where it was typed longer ago than a proof holds:
    what somebody else typed at a screen left open must not wait there for its owner.
    """
    if not decision.allowed or KEPT not in request.session:
        return {}
    try:
        sealed = base64.b64decode(request.session[KEPT])
        found = json.loads(keyring().open(sealed, label=LABEL, row=str(current.me().pk)))
    except (CryptoError, binascii.Error):
        found = {"path": request.path, "typed": {}, "at": clock.now().isoformat()}
    if found["path"] != request.path:
        return {}
    del request.session[KEPT]
    lasts = timedelta(minutes=policy.value("accounts.proof_minutes"))
    return dict(found["typed"]) if clock.now() < datetime.fromisoformat(found["at"]) + lasts else {}
