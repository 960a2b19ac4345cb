"""The table of real clips, from what the studio's report says of each."""

import pytest

from foretrack.commands.evaluate_space import print_clips


def test_clips_without_a_relief_are_counted_and_halves_that_say_nothing_left_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clips = {
        "a.npz": {"ratio": 0.25, "halves": 0.02},
        "b.npz": {"ratio": 0.25, "halves": None},
        "c.npz": {"ratio": 0.9, "halves": 0.2},
        "d.npz": {"why": "no-translation"},
    }
    print_clips({"both": clips, "adjustment": {"d.npz": {"why": "bare"}}})
    out = capsys.readouterr().out
    assert "| both | 3 of 4 | 0.250 [0.250, 0.900] | 2 | 0.110 [0.020, 0.200] | 0.200 | 1 |" in out
    assert "| adjustment | 0 of 1 |" in out
