import { cameraOf, focalAt } from "./common/camera-path.ts";
import type { ExportFormat, ExportJob } from "./common/format.ts";
import { SIZE } from "./common/options.ts";
import { round } from "./common/time.ts";

/**
 * The camera of a future, frame 0 = "now": `width`, `height`, `fps`, and a frame `focalPx` (pixels of
 * that size), `worldToCamera` (three rows of four) and, of forecast cameras, `affine`: the map
 * (a,b,c,d,e,f) of working-frame pixels that the forecast gave.
 * Axes as in COLMAP and OpenCV: x right, y down, z forward; the optical axis meets the middle of the
 * picture; a point at "now" of depth 1 is as far as what the camera counts its steps by.
 */
export const cameraJson: ExportFormat = {
  name: "camera-json",
  label: "Camera, JSON",
  description: "The camera's path as matrices and focal lengths, x right, y down, z forward.",
  group: "For compositing and matchmoving",
  extension: ".json",
  mediaType: "application/json",
  futures: "each",
  keepsCamera: true,
  defaults: { segment: "future" },
  options: [SIZE],
  notices: (job) => cameraOf(job).notices,
  write: (job) => ({ main: writeCameraJson(job) }),
};

function writeCameraJson(job: ExportJob): string {
  const { prepared, document } = job;
  const { path, notices } = cameraOf(job);
  const { cameraPathT6 } = document.forecast.futures[prepared.futureIndex ?? 0];
  const { rotationT9, translationT3, frameCount } = path;
  const frames = Array.from({ length: frameCount }, (_, t) => {
    const rows = [0, 1, 2].map((row) =>
      [
        ...rotationT9.subarray(9 * t + 3 * row, 9 * t + 3 * row + 3),
        translationT3[3 * t + row],
      ].map((value) => round(value, 7)),
    );
    const affine = t === 0 ? [1, 0, 0, 0, 1, 0] : cameraPathT6?.subarray(6 * t - 6, 6 * t);
    return {
      frame: t,
      secsFromNow: round(t / document.forecast.fps, 6),
      focalPx: round(focalAt(path, t, prepared.size), 4),
      worldToCamera: rows,
      ...(affine && cameraPathT6 ? { affine: [...affine].map((value) => round(value, 7)) } : {}),
    };
  });
  const { width, height } = prepared.size;
  const file = {
    schema: "foretrack-camera",
    version: 1,
    clip: document.clip.name,
    future: (prepared.futureIndex ?? 0) + 1,
    width,
    height,
    fps: document.forecast.fps,
    axes: "x right, y down, z forward; worldToCamera in rows",
    notices,
    frames,
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}
