import torch
from test_extrapolate import circle, displacements, line

from foretrack.compact.extrapolate import COUNT, extrapolations
from foretrack.compact.hindsight import CUTS, FEATURES, GUESSES, PLAIN, hindsight, with_earlier

LAST = COUNT + PLAIN.index((4, 1.0))  # the velocity of now lasts
STAYS = COUNT + PLAIN.index((4, 0.0))


def errors_of(behind: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
    """Logarithms of errors by cut and guess, and whether they are known [CUTS, GUESSES + 1]."""
    views = with_earlier(behind, seen)
    guesses, _ = extrapolations(*views, 81)
    features = hindsight(*views, torch.full((1, 1), 50.0), guesses)
    assert features.shape == (1, 1, FEATURES)
    return features[0, 0].unflatten(0, (len(CUTS), GUESSES + 1))


def told(path, seen=None) -> torch.Tensor:
    behind, _ = displacements(path)
    return errors_of(behind, torch.ones(1, 80, 1) if seen is None else seen)


def test_a_steady_pan_was_foreseen_by_its_velocity_and_not_by_staying() -> None:
    errors = told(line)
    assert (errors[:, LAST] < -3.5).all()
    assert (errors[:, STAYS] > -1).all()
    assert (errors[:, GUESSES] == 1).all()


def test_a_circle_was_foreseen_by_turning() -> None:
    errors = told(circle)
    assert (errors[:, 0] < errors[:, LAST] - 1).all()


def test_nothing_is_told_of_what_came_before_the_clip() -> None:
    seen = torch.ones(1, 80, 1)
    seen[:, 30:] = 0  # history of 30 frames: enough before the first cut only
    errors = told(line, seen)
    assert errors[0, GUESSES] == 1 and errors[0, LAST] < -3
    assert (errors[1] == 0).all()


def test_what_came_after_a_cut_is_what_its_forecast_is_held_against() -> None:
    behind, _ = displacements(line)
    bent = behind.clone()
    bent[:, : CUTS[0] - 1] *= 3  # other positions between cut and now, the cut itself in place
    straight, other = (errors_of(b, torch.ones(1, 80, 1))[0, LAST] for b in (behind, bent))
    assert other > straight + 1
