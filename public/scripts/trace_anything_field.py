"""Makes a field that Foretrack reads of what Trace Anything wrote (needs torch and numpy):

    python trace_anything_field.py output.pt field.npz

Opening output.pt runs the program inside it: do it only with a file that you made.
"""

import math
import sys

import numpy as np
import torch

STRIDE = 2


def main(source: str, target: str) -> None:
    data = torch.load(source, map_location="cpu", weights_only=False)
    preds, views = data["preds"], data["views"]
    time = [float(torch.as_tensor(view["time_step"]).flatten()[0]) for view in views]

    def stack(key: str) -> np.ndarray:
        return np.stack([pred[key].float().numpy()[:, ::STRIDE, ::STRIDE] for pred in preds])

    ctrl, conf, local = stack("ctrl_pts3d"), stack("ctrl_conf"), stack("ctrl_pts3d_local")
    pieces = (ctrl.shape[1] - 1) // 3
    own = []
    for curve, t in zip(local, time, strict=True):
        piece = min(int(t * pieces), pieces - 1)
        u = t * pieces - piece
        weights = [math.comb(3, k) * u**k * (1 - u) ** (3 - k) for k in range(4)]
        own.append(np.tensordot(weights, curve[3 * piece : 3 * piece + 4], 1))
    # Halves keep three digits: lengths become shares of the median distance.
    scale = np.median(np.linalg.norm(ctrl[:, 0], axis=-1))
    image = torch.stack([view["img"][0] for view in views]).float().numpy()[..., ::STRIDE, ::STRIDE]
    rgb = np.clip((np.moveaxis(image, 1, -1) + 1) * 127.5, 0, 255).astype("uint8")
    moving = np.stack([np.asarray(pred["fg_mask"])[::STRIDE, ::STRIDE] for pred in preds])
    size = np.array(preds[0]["ctrl_conf"].shape[-2:], "int32")
    np.savez(
        target,
        ctrl=(ctrl / scale).astype("float16"),
        conf=np.minimum(conf, 6e4).astype("float16"),
        own=(np.stack(own) / scale).astype("float16"),
        rgb=rgb,
        moving=moving.astype(bool),
        time=np.array(time, "float32"),
        source_size=size,
    )


if __name__ == "__main__":
    main(*sys.argv[1:3])
