import type { ExportFormat } from "./common/format.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import { namesOf, pythonData } from "./common/python-data.ts";

/**
 * A Python script that needs `pip install rerun-sdk numpy` (0.23 or newer) and nothing else:
 * it carries the tracks as a base64 .npz and logs one `Points2D` a frame and future, visible points
 * only. Rerun draws pixel i from i to i + 1, so positions are edge pixels.
 */
export const rerun: ExportFormat = {
  name: "rerun",
  label: "Rerun snippet",
  description: "A Python script that shows the points over time in the Rerun viewer.",
  group: "Data",
  extension: ".py",
  mediaType: "text/x-python",
  futures: "together",
  defaults: { segment: "future" },
  options: [SEGMENT, SIZE, FPS, FRAMES],
  write: ({ all }) => ({ main: writeRerun(all) }),
};

function writeRerun(futures: readonly PreparedTracks[]): string {
  const { size, fps } = futures[0];
  return `"""Shows tracks exported by Foretrack in the Rerun viewer: python ${"<this file>"}"""

import base64
import io

import numpy as np
import rerun as rr

WIDTH, HEIGHT, FPS = ${size.width}, ${size.height}, ${fps}
NAMES = ${JSON.stringify(namesOf(futures))}
DATA = (
${pythonData(futures, ({ tracks }) => tracks.visibilityTN)}
)


def main() -> None:
    arrays = np.load(io.BytesIO(base64.b64decode(DATA)))
    rr.init("foretrack", spawn=True)
    rr.log("picture", rr.Boxes2D(array=[0, 0, WIDTH, HEIGHT], array_format=rr.Box2DFormat.XYWH), static=True)
    for k, name in enumerate(NAMES):
        tracks, visible = arrays[f"tracks_{k}"], arrays[f"visible_{k}"]
        ids = np.arange(tracks.shape[1])
        for t in range(tracks.shape[0]):
            rr.set_time("frame", sequence=t)
            rr.set_time("time", duration=t / FPS)
            shown = visible[t]
            rr.log(f"picture/{name}", rr.Points2D(tracks[t][shown], class_ids=ids[shown], radii=2.0))


if __name__ == "__main__":
    main()
`;
}
