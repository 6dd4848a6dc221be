"""`python -m bench NAME REPORT`: one measurement in a process of its own; `kotowari bench` calls it."""

import importlib
import os
import sys
from pathlib import Path

from bench.server import Server

name, report = sys.argv[1:]
found = importlib.import_module(f"bench.{name}").run(Server(os.environ["DATABASE_URL"]))
Path(report).write_text(found.as_json())
