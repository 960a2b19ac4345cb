"""OpenCV, an extra: making data and training need it, forecasting does not."""

from __future__ import annotations

import importlib
from typing import Any


def opencv() -> Any:
    """The module. Raises SystemExit that says how to get it."""
    try:
        return importlib.import_module("cv2")
    except ModuleNotFoundError:
        raise SystemExit("This needs OpenCV: pip install -e '.[photo]' in models/") from None
