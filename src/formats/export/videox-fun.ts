import { readWholePixels } from "./common/as-read.ts";
import { HIDDEN_POINT } from "./common/coordinates.ts";
import { farthestTravelled, fewNotices } from "./common/few-tracks.ts";
import type { ExportFormat } from "./common/format.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, SEGMENT, SIZE, WAN_FRAMES } from "./common/options.ts";
import { edgePoints, wholePixel } from "./common/pixel-edge.ts";
import type { PreparedTracks } from "./common/prepared.ts";
import { wanNotices } from "./common/wan.ts";

/** The node takes ten or more for the letters of one text. */
const MAX_TRACKS = 9;

/**
 * Strings for VideoX-Fun's CreateTrajectoryBasedOnKJNodes: a JSON list of at most nine texts, each a
 * flat list of whole-pixel points, x first, one a frame. Hidden points stand far outside, where the
 * node draws nothing.
 * Layout: ["[{\\"x\\":1,\\"y\\":2}, …]", …].
 */
export const videoxFun: ExportFormat = {
  name: "videox-fun",
  label: "VideoX-Fun",
  description: "Up to nine track strings for VideoX-Fun's trajectory node.",
  group: "For video generators",
  extension: ".json",
  mediaType: "application/json",
  futures: "each",
  startsVisible: true,
  playbackFps: 16,
  defaults: { segment: "future", frames: 81 },
  options: [SEGMENT, MOTION, SIZE, FPS, WAN_FRAMES],
  asRead: readWholePixels,
  notices: ({ prepared }) => [
    ...fewNotices(prepared, MAX_TRACKS, "VideoX-Fun"),
    ...wanNotices({ prepared }),
  ],
  write: ({ prepared }) => ({ main: writeStrings(prepared) }),
};

function writeStrings(prepared: PreparedTracks): string {
  const points = edgePoints(prepared);
  const texts = farthestTravelled(prepared, MAX_TRACKS).map((n) =>
    JSON.stringify(points[n].map((point) => (point ? wholePixel(point) : HIDDEN_POINT))),
  );
  return `${JSON.stringify(texts, null, 1)}\n`;
}
