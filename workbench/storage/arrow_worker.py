"""The process that reads a SQLite database through ADBC for `storage.arrow`; run as a script: `arrow_worker.py FILE`.

It imports nothing of ours, so that it starts quickly. A request is one line, the SQL as a JSON string. The answer
is one byte and, when it is `+`, an Arrow IPC stream; then a line: empty, or the fault as JSON, kind and text, which
may come in the middle of the rows. It ends when its input ends.
"""

import json
import sys
from typing import Any, BinaryIO

import adbc_driver_manager
import adbc_driver_sqlite.dbapi
import pyarrow as pa

BATCH_ROWS = 65_536
# Not the words of `engine.py`, which would import SQLAlchemy: this process only reads.
PRAGMAS = ("busy_timeout=60000", "query_only=ON", "cache_size=-65536")


def answer(connection: Any, sql: str, out: BinaryIO) -> None:
    """Runs one query and writes its rows."""
    verdict, begun = b"", False
    with connection.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": BATCH_ROWS})
        try:
            cursor.execute(sql)
            reader = cursor.fetch_record_batch()
            begun = True
            out.write(b"+")
            with pa.ipc.new_stream(out, reader.schema) as stream:
                for batch in reader:
                    stream.write_batch(batch)
        except (adbc_driver_manager.Error, pa.ArrowException, OSError) as fault:
            verdict = json.dumps([type(fault).__name__, str(fault)]).encode()
    out.write((b"" if begun else b"-") + verdict + b"\n")
    out.flush()


def main(path: str) -> None:
    """Serves requests until the input ends."""
    with adbc_driver_sqlite.dbapi.connect(path, autocommit=True) as connection:
        with connection.cursor() as cursor:
            for pragma in PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
                cursor.fetchall()
        for request in sys.stdin:
            answer(connection, json.loads(request), sys.stdout.buffer)


if __name__ == "__main__":
    main(sys.argv[1])
