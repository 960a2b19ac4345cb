"""The table of a target: its columns, and which row counts where several tell of the same work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Row = dict[str, Any]

# What `serve` measures (src/cli/SERVE.md), working frames and pixels of the 832×480 working frame.
QUALITY = (
    "visible_past",
    "visible_after",
    "motion_past_px",
    "motion_after_px",
    "spread_px",
    "min_ade_px",
)
# Reasons that may have passed by the next run, which then tries again.
FETCH, LOST = "FetchError", "WorkerLost"
PASSING = (FETCH, LOST)

TEXT = (
    "clip",
    "version",
    "sha256",
    "source",
    "split",
    "key",
    "sample",
    "now",
    "fit",
    "kind",
    "codec",
)
TEXT_AFTER = ("decoded_by", "pack", "pack_identity", "provider", "solver", "edits_sha256", "shard")
TEXT_OF_RUN = ("error_name", "error", "remedy", "run", "host", "started_at")
WHOLE = ("bytes", "shot", "shot_start", "shot_end", "now_frame", "frames", "native_frames")
WHOLE_AFTER = ("display_width", "display_height", "steps", "attempt")
REAL = ("now_secs", "fps", "native_fps", "duration_secs", *QUALITY)
SECONDS = ("fetch_secs", "make_secs", "store_secs", "engine_mib")


def schema() -> Any:
    """Of every part of the table. `files`: product, path in the target or in its shard, bytes."""
    import pyarrow as pa

    file = pa.struct([("product", pa.string()), ("path", pa.string()), ("bytes", pa.int64())])
    return pa.schema(
        [(name, pa.string()) for name in (*TEXT, *TEXT_AFTER, *TEXT_OF_RUN)]
        + [(name, pa.int64()) for name in (*WHOLE, *WHOLE_AFTER)]
        + [(name, pa.float64()) for name in (*REAL, *SECONDS)]
        + [("cut_found", pa.bool_()), ("seeds", pa.list_(pa.int64()))]
        + [("notes", pa.list_(pa.string())), ("files", pa.list_(file))]
    )


def identity(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Rows of one identity tell of the same work; the one told last counts."""
    return row["clip"], row["key"], row["shot"], row["now_frame"]


def current(rows: Iterable[Row]) -> list[Row]:
    """The rows that count, of rows in the order in which they were told: the last of each identity,
    and no failure that passed, that is, of a clip of which something was told later on."""
    told = list(rows)
    last = {identity(row): i for i, row in enumerate(told)}
    latest = {row["clip"]: i for i, row in enumerate(told)}
    return [
        row
        for i, row in enumerate(told)
        if last[identity(row)] == i
        and not (row["error_name"] in PASSING and _passed(told, i, latest[row["clip"]]))
    ]


def _passed(told: list[Row], i: int, latest: int) -> bool:
    return latest > i and told[latest]["run"] != told[i]["run"]
