"""A web server and an idler to keep going: ``python -m tests.config.kept_example VAR PORT``."""

import sys
from pathlib import Path
from typing import Final

from config import embedded_postgres
from config.supervisor import Database, Part, Process, Supervisor

PAUSES: Final = (0.1, 0.2, 0.3)
WEB: Final = str(Path(__file__).with_name("kept_web.py"))
IDLE: Final = "import signal; signal.pause()"

if __name__ == "__main__":
    var, port = Path(sys.argv[1]), sys.argv[2]
    embedded_postgres.database_url(var)
    parts: list[Part] = [
        Database(var),
        Process("web", [sys.executable, "-S", WEB, port, "web"]),
        Process("beat", [sys.executable, "-S", "-c", IDLE, "beat"]),
    ]
    Supervisor(parts, lambda said: print(said, flush=True), pauses=PAUSES).run()  # noqa: T201
