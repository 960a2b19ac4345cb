/** Names that tools give a column, the one to prefer first. */
const NAMES = {
  frame: ["frame", "frame_index", "frame_id", "t", "time", "axis-1"],
  point: ["point", "track_id", "particle", "point_id", "track", "trajectory", "id", "n", "axis-0"],
  x: ["x", "px_x", "u", "position_x", "axis-3", "cx", "x_center", "center_x", "centroid_x"],
  y: ["y", "px_y", "v", "position_y", "axis-2", "cy", "y_center", "center_y", "centroid_y"],
  visible: ["visible", "visibility", "vis"],
  occluded: ["occluded", "occlusion", "occ"],
  layer: ["layer"],
  future: ["future"],
} as const;

export type ColumnName = keyof typeof NAMES;
/** Where each column stands; −1 = the table has none. */
export type Columns = Readonly<Record<ColumnName, number>>;

/** Null where a column is missing that tracks need. */
export function findColumns(header: readonly string[]): Columns | null {
  const place = (name: ColumnName) =>
    NAMES[name].reduce((found, each) => (found >= 0 ? found : header.indexOf(each)), -1);
  const columns = Object.fromEntries(
    (Object.keys(NAMES) as ColumnName[]).map((name) => [name, place(name)]),
  ) as Record<ColumnName, number>;
  const needed = Math.min(columns.frame, columns.point, columns.x, columns.y);
  return needed < 0 ? null : columns;
}

/** Its tables have three more lines of names and units under the header. */
export const TRACKMATE = "TrackMate spots";

/** The tool whose table this is, where its columns tell. */
export function tableOf(header: readonly string[]): string | undefined {
  if (header.includes("track_id") && header.includes("position_x")) return TRACKMATE;
  if (header.includes("particle") && header.includes("mass")) return "trackpy";
  if (header.includes("axis-3")) return "napari tracks";
  return undefined;
}
