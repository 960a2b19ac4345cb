"""What lies in a batch's target, and how several runs share it.

    table/RUN.parquet   the rows of one run: each run writes its own part, whole at each time
    rows/KE/KEY.json    what is known of one piece of work: claimed by a run, or done with its rows
    runs/RUN.json       sign of life of a run
    clips/SH/SAMPLE.*   files; shards/RUN-N.tar instead where shards were asked for

A piece of work is named by its content (`Recipe.key`), so nothing is done twice; it is claimed
before it is begun, so two runs into one target share the work. The claim of a run that lives no
more counts for nothing. Files are written before the record that names them, the record before the
table.
"""

from __future__ import annotations

import io
import json
import os
import re
import socket
import time
import uuid
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from .rows import Row, current, schema
from .storage import Store

BEAT_SECS = 20.0
# A run that gave no sign for so long lives no more. Clocks of machines may differ by a part of it.
DEAD_SECS = 90.0
READERS = 16


def new_run_id() -> str:
    """Sorts by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:6]}"


class Target:
    def __init__(self, url: str) -> None:
        self.store = Store(url)

    # Work

    def record(self, key: str) -> dict[str, Any] | None:
        data = self.store.read(_record(key))
        return json.loads(data) if data else None

    def claim(self, key: str, run: str, dead: Iterable[str], again: bool) -> dict[str, Any] | None:
        """None where the work is this run's to do now; else the record: done, or claimed by a run
        that lives. `again`: work that ended with a refusal in another run is done once more."""
        claim = json.dumps({"state": "claimed", "run": run}).encode()
        if self.store.create(_record(key), claim):
            return None
        record = self.record(key) or {"state": "claimed", "run": run}
        refused = record["state"] == "done" and any(row["error_name"] for row in record["rows"])
        if record["state"] == "claimed":
            free = record["run"] == run or record["run"] in set(dead)
        else:
            free = again and refused and record["run"] != run
        if not free:
            return record
        self.store.write(_record(key), claim)
        return None

    def finish(self, key: str, run: str, rows: list[Row]) -> None:
        record = {"state": "done", "run": run, "rows": rows}
        self.store.write(_record(key), json.dumps(record).encode())

    # Runs

    def beat(self, run: str, ended: bool = False) -> None:
        sign = {"host": socket.gethostname(), "pid": os.getpid(), "at": time.time(), "ended": ended}
        self.store.write(f"runs/{run}.json", json.dumps(sign).encode())

    def lives(self, run: str) -> bool:
        data = self.store.read(f"runs/{run}.json")
        if not data:
            return False
        sign = json.loads(data)
        if sign["ended"] or time.time() - sign["at"] > DEAD_SECS:
            return False
        return sign["host"] != socket.gethostname() or _process_lives(sign["pid"])

    # Table

    def rows(self) -> list[Row]:
        """The rows of all runs that count."""
        return current(row for _, part in self.parts() for row in part)

    def parts(self) -> list[tuple[str, list[Row]]]:
        """Rows by run, the oldest run first."""
        names = sorted(name for name in self.store.list("table") if name.endswith(".parquet"))
        with ThreadPoolExecutor(READERS) as readers:
            tables = readers.map(self._read_part, names)
        return [(_stem(name), rows) for name, rows in zip(names, tables, strict=True)]

    def write_part(self, run: str, rows: list[Row]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as parquet

        columns = schema()
        full = [{name: row.get(name) for name in columns.names} for row in rows]
        buffer = io.BytesIO()
        parquet.write_table(pa.Table.from_pylist(full, schema=columns), buffer)
        self.store.write(f"table/{run}.parquet", buffer.getvalue())

    def _read_part(self, name: str) -> list[Row]:
        import pyarrow.parquet as parquet

        data = self.store.read(name)
        return list(parquet.read_table(io.BytesIO(data)).to_pylist()) if data else []

    def adopt(self) -> None:
        """Brings into the table what runs did that were killed before they could say so. Each part
        keeps its run's name: two runs that adopt at once write the same."""
        parts = dict(self.parts())
        known = {row["key"] for rows in parts.values() for row in rows}
        names = [name for name in self.store.list("rows") if _stem(name) not in known]
        with ThreadPoolExecutor(READERS) as readers:
            records = list(readers.map(self.store.read, names))
        missing: dict[str, list[Row]] = {}
        for data in records:
            record: dict[str, Any] = json.loads(data) if data else {"state": "gone"}
            if record["state"] == "done":
                missing.setdefault(record["run"], []).extend(record["rows"])
        for run, rows in missing.items():
            if not self.lives(run):
                self.write_part(run, parts.get(run, []) + rows)

    def tidy(self) -> None:
        """Takes rows out of the parts of runs that ended which later rows stand in for."""
        parts = self.parts()
        kept = {id(row) for row in current(row for _, part in parts for row in part)}
        for run, rows in parts:
            counting = [row for row in rows if id(row) in kept]
            if len(counting) < len(rows) and not self.lives(run):
                self.write_part(run, counting)


def sample_name(clip: str, sha256: str, now_frame: int, key: str) -> str:
    """What the files of one "now" are called: no dot, which would end a WebDataset key, and the
    part before "__" names the clip."""
    stem = re.split(r"[\\/]", clip.split("?")[0])[-1].rsplit(".", 1)[0]
    slug = re.sub(r"[^A-Za-z0-9-]+", "-", stem).strip("-")[:60] or "clip"
    return f"{slug}-{sha256[:10]}__{now_frame}-{key[:6]}"


def file_name(sample: str, sha256: str, ending: str) -> str:
    return f"clips/{sha256[:2]}/{sample}{ending}"


def done_keys(rows: Iterable[Mapping[str, Any]], again: bool) -> set[str]:
    """Work that need not be looked at again; `again`: refusals are."""
    refused = {row["key"] for row in rows if row["error_name"]} if again else set()
    return {row["key"] for row in rows if row["sha256"]} - refused


def _record(key: str) -> str:
    return f"rows/{key[:2]}/{key}.json"


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _process_lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
