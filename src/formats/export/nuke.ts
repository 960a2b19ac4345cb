import type { ExportFormat, ExportJob } from "./common/format.ts";
import { firstFrameOption, type Key, keyedPoints, runsOf, unseenNotices } from "./common/keys.ts";
import { MOTION } from "./common/motion.ts";
import { FPS, FRAMES, SEGMENT, SIZE } from "./common/options.ts";
import { frameNearNow } from "./common/prepared.ts";

/** Columns of a Tracker4's table, as Nuke writes them: type, visible, width, name, label, 1. */
const COLUMNS = [
  ["5 1 20", "enable e"],
  ["3 1 75", "name name"],
  ...["track_x", "track_y"].map((name) => ["2 1 58", `${name} ${name}`]),
  ...["offset_x", "offset_y"].map((name) => ["2 1 63", `${name} ${name}`]),
  ...["T", "R", "S"].map((name) => ["4 1 27", `${name} ${name}`]),
  ["2 0 45", "error error"],
  ...["error_min", "error_max", "pattern_x", "pattern_y", "pattern_r", "pattern_t"].map(hidden1),
  ...["search_x", "search_y", "search_r", "search_t"].map(hidden1),
  ...["key_track", "key_search_x", "key_search_y", "key_search_r", "key_search_t"].map(hidden2),
  ...["key_track_x", "key_track_y", "key_track_r", "key_track_t"].map(hidden2),
  ...["key_centre_offset_x", "key_centre_offset_y"].map(hidden2),
];

/**
 * A Nuke script with one Tracker4 node, to be pasted or inserted: a track a point, keys where it is
 * seen, and `enable` off where it is not.
 * Positions are pixels from the left and bottom edge of the picture, frames from 1.
 * Grammar: Tcl lists; a curve is `curve`, flags, then `xFRAME` marks and values; values after a mark
 * go on at the distance of the last two frames, so each run is marked at its first two.
 */
export const nuke: ExportFormat = {
  name: "nuke",
  label: "Nuke tracker",
  description: "A Tracker node for Nuke, with keys where the points are seen.",
  group: "For compositing and matchmoving",
  extension: ".nk",
  mediaType: "text/plain",
  futures: "each",
  defaults: { segment: "future" },
  options: [SEGMENT, MOTION, SIZE, FPS, FRAMES, firstFrameOption("1")],
  notices: ({ prepared }) => unseenNotices(prepared),
  write: (job) => ({ main: writeNuke(job) }),
};

function hidden1(name: string): string[] {
  return ["1 1 0", `${name} ${name}`];
}

function hidden2(name: string): string[] {
  return ["2 1 0", `${name} ${name}`];
}

function writeNuke({ prepared, choice }: ExportJob): string {
  const first = Number(choice("first-frame"));
  const { height } = prepared.size;
  const points = keyedPoints(prepared);
  const header = COLUMNS.map(([kind, names]) => `{ ${kind} ${names} 1 }`);
  const rows = points.map((point) => {
    const runs = runsOf(point);
    const x = curve(runs, first, ({ x }) => x);
    const y = curve(runs, first, ({ y }) => height - y);
    const enable = `{curve K ${enabled(runs, first, prepared.tracks.frameCount)}}`;
    const still = "{curve K x1 0}";
    const boxes = "-32 -32 32 32 -22 -22 22 22";
    const rest = Array(11).fill("{}").join(" ");
    return ` { ${enable} "point ${point.id}" ${x} ${y} ${still} ${still} 1 0 0 {curve x1 0} 1 0 ${boxes} ${rest} }`;
  });
  return `set cut_paste_input [stack 0]
version 12.0 v1
push $cut_paste_input
Tracker4 {
 tracks { { 1 ${COLUMNS.length} ${points.length} }
{ ${header.join("\n")}
}
{
${rows.join("\n")}
}
}
 reference_frame ${first + frameNearNow(prepared)}
 name Foretrack
 selected true
}
`;
}

function curve(runs: readonly Key[][], first: number, value: (key: Key) => number): string {
  const parts = runs.flatMap((run) =>
    run.map((key, k) => {
      const number = value(key).toFixed(4);
      return k < 2 ? `x${first + key.frame} ${number}` : number;
    }),
  );
  return `{curve ${parts.join(" ")}}`;
}

/** Steps of visibility: 1 from each run's first frame, 0 after its last. */
function enabled(runs: readonly Key[][], first: number, frameCount: number): string {
  const steps = runs.flatMap((run) => {
    const after = run[run.length - 1].frame + 1;
    const on = `x${first + run[0].frame} 1`;
    return after < frameCount ? [on, `x${first + after} 0`] : [on];
  });
  const startsHidden = runs[0][0].frame > 0;
  return [...(startsHidden ? [`x${first} 0`] : []), ...steps].join(" ");
}
