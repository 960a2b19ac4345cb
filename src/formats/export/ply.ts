import type { ExportFormat, ExportJob } from "./common/format.ts";
import { FPS, FRAMES, SEGMENT } from "./common/options.ts";
import { plyOf } from "./common/ply.ts";
import { frameNearNow } from "./common/prepared.ts";
import { IN_SPACE, spaceNotices, spaceSceneOf } from "./common/space-scene.ts";

/** All points at one moment (`common/ply.ts`). */
export const ply: ExportFormat = {
  ...IN_SPACE,
  name: "ply",
  label: "PLY, one moment",
  description: "All points at one moment as a coloured point cloud.",
  extension: ".ply",
  mediaType: "application/octet-stream",
  defaults: { segment: "future" },
  options: [
    SEGMENT,
    {
      kind: "choice",
      id: "moment",
      label: "Moment",
      values: [
        { value: "now", label: "“now”" },
        { value: "first", label: "the first frame" },
        { value: "last", label: "the last frame" },
      ],
    },
  ],
  notices: spaceNotices,
  write: (job) => ({ main: plyOf(spaceSceneOf(job), momentOf(job)) }),
};

/** A file a frame, numbered from 1: `0001.ply` and on. */
export const plySequence: ExportFormat = {
  ...IN_SPACE,
  name: "ply-sequence",
  label: "PLY sequence",
  description: "A point cloud a frame, for readers of numbered PLY files.",
  extension: ".zip",
  mediaType: "application/zip",
  severalFiles: true,
  defaults: { segment: "future" },
  options: [SEGMENT, FPS, FRAMES],
  notices: spaceNotices,
  write: (job) => {
    const scene = spaceSceneOf(job);
    return {
      main: Array.from({ length: scene.cameras.frameCount }, (_, t) => ({
        name: `${String(t + 1).padStart(4, "0")}.ply`,
        bytes: plyOf(scene, t),
      })),
    };
  },
};

function momentOf(job: ExportJob): number {
  const moment = job.choice("moment");
  if (moment === "first") return 0;
  const { prepared } = job;
  return moment === "last" ? prepared.tracks.frameCount - 1 : frameNearNow(prepared);
}
