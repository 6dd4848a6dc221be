"""`python -m kotowari.payments.cards.gateway`: the demo's card gateway as a process of its own."""

import argparse
import os
from pathlib import Path

from kotowari.payments.cards.gateway.server import open_gateway


def main() -> None:
    """Serve until the process is ended. The secret comes by the environment, so that no list of processes shows it."""
    options = argparse.ArgumentParser(description="The demo's card gateway: no card is real, no money moves.")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--book", type=Path, help="file in which its book is kept; else it forgets")
    options.add_argument("--webhooks", default="", help="address that its messages are sent to")
    options.add_argument("--public", default="", help="its own address as browsers reach it")
    chosen = options.parse_args()
    gateway = open_gateway(
        chosen.host,
        chosen.port,
        secret=os.environ["KOTOWARI_CARD_GATEWAY_SECRET"],
        book_path=chosen.book,
        webhook_url=chosen.webhooks,
        public_url=chosen.public,
    )
    gateway.serve_forever()


if __name__ == "__main__":
    main()
