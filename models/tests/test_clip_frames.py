"""Pictures of clips as the studio gives them to the video encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from trajloom_pictures import CONFIG, LAST_PAST, NOW, START, made_pictures, needs_ffmpeg, write_clip

from foretrack.trajloom.clip_frames import (
    ClipError,
    WindowStart,
    axis_weights,
    native_frames,
    quarter_frame,
    read_window,
)


def test_a_frame_is_covered_and_taken_at_a_quarter() -> None:
    ramp = np.arange(104)  # of 832 pixels each shows eight
    picture = np.broadcast_to(ramp[:, None], (60, 104, 3)).astype(np.uint8)
    small = (quarter_frame(picture, 832, 480) + 1) * 127.5
    assert small.shape == (3, 120, 208)
    centres = (4 * np.arange(208) + 2) / 8 - 0.5
    assert np.allclose(small[0, 7, 1:-1], centres[1:-1], atol=1e-3)
    tall = np.zeros((300, 104, 3), np.uint8)
    tall[120:180] = picture  # a tall clip shows its middle
    assert np.allclose(
        quarter_frame(tall, 832, 480)[:, 2:-2], small[:, 2:-2] / 127.5 - 1, atol=1e-4
    )
    shrunk = axis_weights(1920, 1920.0, 832)
    assert np.allclose(shrunk.sum(1), 1, atol=1e-5) and (shrunk >= 0).all()


def test_working_frames_show_what_is_on_screen_when_they_are_due() -> None:
    times = np.array([0, 0.04, 0.08, 0.13, 0.16, 0.2])
    own = native_frames(times, WindowStart(1, 0.04, 25.0), 4, "clip")
    assert own.tolist() == [1, 2, 3, 4]
    half = native_frames(times, WindowStart(1, 0.08, 12.5), 2, "clip")
    assert half.tolist() == [2, 4]
    with pytest.raises(ClipError, match="not the clip"):
        native_frames(times, WindowStart(1, 0.05, 25.0), 4, "clip")


@needs_ffmpeg
def test_pictures_are_read_from_the_first_tracked_frame_on(tmp_path: Path) -> None:
    pictures = made_pictures()
    write_clip(tmp_path / "clip.mkv", pictures)
    got = read_window(tmp_path / "clip.mkv", START, CONFIG.vae)
    expected = [quarter_frame(p, 832, 480) for p in pictures[NOW : LAST_PAST + 1]]
    assert np.allclose(got, np.stack(expected, 1), atol=1e-5)
    slow = read_window(tmp_path / "clip.mkv", WindowStart(1, 0.2, 5.0), CONFIG.vae)
    assert np.allclose(slow[:, 3], quarter_frame(pictures[8], 832, 480), atol=1e-5)
