"""The mean of several runs."""

import pytest
import torch

from foretrack.commands.average import UnlikeRunsError, average


def test_the_mean_of_weights_by_their_share():
    a = {"w": torch.tensor([1.0, 3.0]), "steps": torch.tensor(5)}
    b = {"w": torch.tensor([3.0, 7.0]), "steps": torch.tensor(9)}
    assert average([a, b])["w"].tolist() == [2.0, 5.0]
    assert average([a, b], [3.0, 1.0])["w"].tolist() == [1.5, 4.0]
    assert average([a, b])["steps"] == 5
    assert a["w"].tolist() == [1.0, 3.0]


def test_unlike_runs_are_refused():
    with pytest.raises(UnlikeRunsError, match="different sizes"):
        average([{"w": torch.zeros(2)}, {"w": torch.zeros(3)}])
    with pytest.raises(UnlikeRunsError, match="2 weights"):
        average([{"w": torch.zeros(2)}], [1.0, 2.0])
