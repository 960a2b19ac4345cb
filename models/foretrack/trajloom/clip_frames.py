"""Pictures of a clip's working frames, as the studio gives them to the video encoder.

A working frame shows the upright clip, cut evenly to the frame's aspect and scaled by a triangle
filter (`src/engine/picture`). The encoder takes a quarter of it: of 4x4 pixels the mean of the
inner four (`src/engine/models/video-input.ts`). Both are linear: here they are one matrix an axis.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

import numpy as np

from .config import VaeConfig

SLACK_SECS = 0.001  # as in `src/domain/timing.ts`: containers round timestamps
RATE_SLACK = 0.0015  # frames a second: rates are stored with three decimals
MATRICES = {"smpte170m": "bt601", "bt470bg": "bt601", "fcc": "bt601", "bt2020nc": "bt2020",
            "bt2020c": "bt2020", "bt709": "bt709", "smpte240m": "bt709"}  # fmt: skip


class ClipError(ValueError):
    """Pictures of a clip cannot be had."""


@dataclass(frozen=True)
class WindowStart:
    """Working frame `index` of a clip at `fps`, due at `secs`."""

    index: int
    secs: float
    fps: float


@dataclass(frozen=True)
class ClipFacts:
    """Timestamps of the native frames from 0 on, s; ffmpeg's name of the colour matrix."""

    times: np.ndarray
    matrix: str


def read_window(clip: Path, start: WindowStart, config: VaeConfig) -> np.ndarray:
    """[3,T,H/4,W/4] float32 in [-1,1], RGB: T = num_frames_in working frames from `start` on.

    No picture after the last of them is read."""
    facts = probe(str(clip))
    natives = native_frames(facts.times, start, config.num_frames_in, clip.name)
    shown: list[np.ndarray] = []
    for index, picture in enumerate(_pictures(clip, facts, natives[0], natives[-1]), natives[0]):
        if count := int((natives == index).sum()):
            shown += [quarter_frame(picture, config.input_width, config.input_height)] * count
    if len(shown) != len(natives):
        raise ClipError(f"{clip.name} gives {len(shown)} of {len(natives)} pictures, it is damaged")
    return np.stack(shown, 1)


def native_frames(times: np.ndarray, start: WindowStart, count: int, name: str) -> np.ndarray:
    """Index of the native frame that each of `count` working frames shows: every frame where
    `start.fps` is the clip's own rate, else the one on screen when the working frame is due."""
    indices = start.index + np.arange(count)
    own_rate = (len(times) - 1) / times[-1]
    if indices[-1] < len(times):
        beginning = abs(times[start.index] - start.secs) < SLACK_SECS
        if beginning and abs(start.fps - own_rate) < RATE_SLACK:
            return indices
    if abs(start.index / start.fps - start.secs) > SLACK_SECS or start.secs > times[-1]:
        raise ClipError(f"{name} is not the clip that was tracked: its frames have other times")
    return np.searchsorted(times, indices / start.fps + SLACK_SECS, side="right") - 1


@lru_cache
def probe(clip: str) -> ClipFacts:
    entries = "stream=color_space,color_range,pix_fmt:frame=best_effort_timestamp_time"
    command = ["ffprobe", "-v", "error", "-select_streams", "V:0", "-show_entries", entries]
    with _tool([*command, "-of", "json=c=1", f"file:{clip}"]) as process:
        report = json.loads(_output(process).read() or b"{}")
    stream: dict[str, str] = next(iter(report.get("streams", [])), {})
    texts = [frame.get("best_effort_timestamp_time") for frame in report.get("frames", [])]
    if len(texts) < 2 or None in texts:
        raise ClipError(f"{Path(clip).name} has no frames with times: convert it to MP4")
    times = np.array(texts, np.float64)
    if not (np.diff(times) > 0).all():
        raise ClipError(f"{Path(clip).name} has frames at the same time: convert it to MP4")
    full = stream.get("pix_fmt", "").startswith("yuvj") or stream.get("color_range") == "pc"
    matrix = MATRICES.get(stream.get("color_space", ""), "bt601" if full else "bt709")
    return ClipFacts(times - times[0], matrix)


def _pictures(clip: Path, facts: ClipFacts, first: int, last: int) -> Iterator[np.ndarray]:
    """Native frames first..last, upright and with square pixels: [h,w,3] uint8 each."""
    square = "w='iw*max(1,sar)':h='ih*max(1,1/sar)'"
    precise = "accurate_rnd+full_chroma_int+full_chroma_inp"
    filters = (
        f"select='between(n,{first},{last})',settb=1/25,setpts=N,"
        f"scale={square}:in_color_matrix={facts.matrix}:flags=bicubic+{precise}"
    )
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{clip}", "-map", "0:V:0"]
    command += ["-vf", filters, "-r", "25", "-frames:v", str(last - first + 1)]
    with _tool([*command, "-pix_fmt", "rgb24", "-c:v", "ppm", "-f", "image2pipe", "-"]) as process:
        yield from _portable_pixmaps(_output(process))


def _portable_pixmaps(stream: IO[bytes]) -> Iterator[np.ndarray]:
    while stream.readline():  # P6
        width, height = map(int, stream.readline().split())
        stream.readline()  # 255
        samples = np.frombuffer(stream.read(3 * width * height), np.uint8)
        yield samples.reshape(height, width, 3)


def _tool(command: list[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except FileNotFoundError as error:
        raise ClipError(f"There is no {command[0]}: install ffmpeg") from error


def _output(process: subprocess.Popen[bytes]) -> IO[bytes]:
    assert process.stdout is not None  # a pipe: `_tool` asks for one
    return process.stdout


def quarter_frame(picture: np.ndarray, width: int, height: int) -> np.ndarray:
    """A picture [h,w,3] uint8 that covers a working frame of width x height, as the encoder takes
    it: [3,height/4,width/4] float32 in [-1,1]."""
    rows, columns = picture.shape[:2]
    scale = max(width / columns, height / rows)
    across = axis_weights(columns, width / scale, width)
    down = axis_weights(rows, height / scale, height)
    flat = down @ picture.reshape(rows, -1).astype(np.float32)
    small = np.einsum("yxc,ux->cyu", flat.reshape(len(down), columns, 3), across, optimize=True)
    return small / 127.5 - 1


@lru_cache
def axis_weights(length: int, extent: float, output: int) -> np.ndarray:
    """[output/4,length]: the middle `extent` of `length` samples scaled to `output` by a triangle
    that widens where it shrinks (ends repeat), then of every four the mean of the inner two."""
    scale = extent / output
    support = max(1.0, scale)
    centre = (length - extent) / 2 + (np.arange(output) + 0.5) * scale - 0.5
    reach = int(np.ceil(support))
    sample = np.arange(-reach, length + reach)
    weights = np.maximum(0, 1 - np.abs(sample - centre[:, None]) / support)
    folded = np.zeros((length, output))
    np.add.at(folded, np.clip(sample, 0, length - 1), weights.T)
    folded /= folded.sum(0)
    return folded.T.reshape(-1, 4, length)[:, 1:3].mean(1).astype(np.float32)
