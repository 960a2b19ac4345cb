"""A trained tiny model and its pack. One thread: the tests are small, and spinning threads are slow
on busy machines."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest  # noqa: E402
import torch  # noqa: E402

from foretrack.common.pool import write_pool  # noqa: E402
from foretrack.common.stage import Budget  # noqa: E402
from foretrack.compact.export import export_pack  # noqa: E402
from foretrack.compact.settings import Settings  # noqa: E402
from foretrack.compact.train import fit_vae, train_flow  # noqa: E402
from foretrack.compact.training_data import Data  # noqa: E402

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def pool(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pool")
    write_pool(folder / "pool-001-00000.npz", 40, seed=5, points=60)
    return folder


@pytest.fixture(scope="session")
def tiny_run(pool, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    settings = Settings(size="tiny", batch=4, futures=3, points=24)
    fit_vae(Data(pool, None, settings), folder, settings)
    train_flow(Data(pool, None, settings), folder, Budget(0.08), settings, None)
    return folder


@pytest.fixture(scope="session")
def tiny_pack(tiny_run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    export_pack(tiny_run / "last.pt", folder, {"command": "test"}, steps=2)
    return folder
