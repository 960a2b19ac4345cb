import { base64Lines } from "../containers/base64.ts";
import { type NpzEntry, writeNpz } from "../containers/npz.ts";
import type { ExportFormat } from "./common/format.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import { EDGE_SHIFT } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";

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
  const arrays = futures.flatMap((prepared, k): NpzEntry[] => {
    const { frameCount: T, pointCount: N, tracksTN2, visibilityTN } = prepared.tracks;
    return [
      {
        name: `tracks_${k}`,
        shape: [T, N, 2],
        dtype: "float32",
        values: tracksTN2.map((v) => v + EDGE_SHIFT),
      },
      { name: `visible_${k}`, shape: [T, N], dtype: "bool", values: visibilityTN },
    ];
  });
  const names = futures.map(({ segment, futureIndex }) =>
    futureIndex === null ? segment : `${segment}_${futureIndex + 1}`,
  );
  const lines = base64Lines(writeNpz(arrays), 96).map((line) => `    "${line}"`);
  return `"""Shows tracks exported by Foretrack in the Rerun viewer: python ${"<this file>"}"""

import base64
import io

import numpy as np
import rerun as rr

WIDTH, HEIGHT, FPS = ${size.width}, ${size.height}, ${fps}
NAMES = ${JSON.stringify(names)}
DATA = (
${lines.join("\n")}
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
