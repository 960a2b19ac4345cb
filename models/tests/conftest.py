"""One thread: the tests are small, and spinning threads are slow on busy machines."""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch  # noqa: E402

torch.set_num_threads(1)
