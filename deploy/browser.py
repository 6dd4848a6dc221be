"""Prints where the Chromium for the browser tests is, or says how to get one. Standard library only."""

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

NONE_HERE = """\
ブラウザのテストには Chromium が要ります。入れてからもう一度実行してください。
The browser tests need Chromium. Install it, then try again:

  sudo apt-get install chromium fonts-noto-cjk     (Debian)

別の場所にあるなら / if it is somewhere else:  KOTOWARI_CHROMIUM=/path/to/chromium make test
ブラウザのテストを除くには / to leave the browser tests out:  make test BROWSER=without
"""


def find() -> str | None:
    """The path of a Chromium: `KOTOWARI_CHROMIUM`, else one on the PATH."""
    given = os.environ.get("KOTOWARI_CHROMIUM")
    if given:
        return shutil.which(given)
    return next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__":
    found = find()
    print(found or NONE_HERE, file=sys.stdout if found else sys.stderr)
    sys.exit(not found)
