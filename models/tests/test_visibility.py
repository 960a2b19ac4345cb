"""The measure of visibility, and what ships held against it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from foretrack.cli import main
from foretrack.common.cases import Case, procedural_cases
from foretrack.compact.config import TINY
from foretrack.compact.from_pack import weights_of
from foretrack.compact.model import CompactForecaster
from foretrack.compact.visibility import LAST, interval_of, measure, scores

SHIPPED = Path(__file__).resolve().parents[2] / "public/packs/compact"


def case(source: str, truth_frames: int, seen: float) -> Case:
    """30 points that stand, visible in this share of a future of so many frames."""
    xy = torch.rand(30, 2) * 400
    mask = (torch.arange(truth_frames) < seen * truth_frames)[:, None].expand(-1, 30)
    still = xy.expand(81, -1, -1)
    all_seen = torch.ones(81, 30, dtype=torch.bool)
    return Case(source, source, "", 0.04, still, all_seen, still[:truth_frames], mask)


def test_thirds_that_the_clip_has_are_scored_where_the_truth_is_known():
    whole = scores(case("a", 81, 2 / 3), torch.ones(2, 81, 30, dtype=torch.bool))
    assert whole["first third"] == 1 and whole["last third"] == 0
    assert whole["accuracy"] == pytest.approx(2 / 3) and whole[LAST] == 1
    short = scores(case("a", 40, 1.0), torch.zeros(2, 81, 30, dtype=torch.bool))
    assert short["accuracy"] == 0 and "last third" not in short


def test_an_interval_holds_the_mean_and_narrows_with_sources():
    values = [(f"source {i // 2}", float(v)) for i, v in enumerate(np.arange(40) % 5)]
    few, many = interval_of(values[:10]), interval_of(values)
    assert few["90%"][0] <= few["mean"] <= few["90%"][1]
    assert many["90%"][1] - many["90%"][0] < few["90%"][1] - few["90%"][0]


def test_rows_of_one_table_share_their_futures():
    torch.manual_seed(0)
    models = {name: CompactForecaster(TINY).eval() for name in ("one", "other")}
    models["other"].load_state_dict(models["one"].state_dict())
    models["other"].visibility[2].bias.data.fill_(-100)  # hides everything
    models["one"].visibility[2].bias.data.fill_(100)
    cases = [case("a", 81, 1.0), case("b", 81, 0.5)]
    rows = measure(models, cases, 9, futures=2, steps=1)
    inside = "the same futures, inside the frame"
    assert rows["one"] == rows[inside] and rows["other"][LAST]["mean"] == 0
    assert rows["as at now"]["accuracy"]["mean"] == pytest.approx(0.75, abs=0.02)
    assert "one, told another clip" in rows


def test_what_ships_sees_as_far_from_a_short_history_as_from_a_long_one():
    """It once took a short history for a clip that ends soon, and hid everything from its middle
    on: of these scenes' points a third to a half were left at the end, where truth keeps 70 %."""
    weights, config = weights_of(SHIPPED)
    model = CompactForecaster(config).eval()
    model.load_state_dict(weights)
    cases = procedural_cases(12, seed=910_000)
    share = {
        length: measure({"ships": model}, cases, length, futures=1, steps=1)["ships"][LAST]["mean"]
        for length in (9, 17, 25, 41, 57, 81)
    }
    assert all(abs(value - share[81]) < 0.1 for value in share.values()), share
    truth = np.mean([float(case.mask[-1].float().mean()) for case in cases])
    assert abs(share[81] - truth) < 0.15


def test_the_command_measures_where_visibility_is_exactly_known(tiny_run, tmp_path, capsys):
    words = ["visibility", "--clips", str(tmp_path), "--tracks", str(tmp_path)]
    words += ["--checkpoint", str(tiny_run / "last.pt"), "--rate", "procedural", "--scenes", "2"]
    assert main([*words, "--history", "9", "--futures", "1", "--steps", "1"]) == 0
    told = capsys.readouterr().out
    assert "procedural, 9 frames of history, 2 clips" in told and "as at now" in told
