import type { Layout } from "./layout.ts";
import { project } from "./project.ts";

const PROJECTED = "tracks_XYZ, projected";
const IN_FRONT = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/**
 * TAPVid-3D: `tracks_XYZ` [T,N,3] in the camera's space, `fx_fy_cx_cy` [4] in pixels of the video,
 * `visibility` [T,N], `queries_xyt` [N,3] (x, y, t).
 */
export const tapvid3d: Layout = {
  recognise({ arrays }) {
    const tracks = arrays.get("tracks_XYZ");
    const lens = arrays.get("fx_fy_cx_cy");
    if (tracks?.shape.length !== 3 || tracks.shape[2] !== 3 || lens?.data.length !== 4) return null;
    const [fx, fy, cx, cy] = lens.data;
    const positions = project(tracks, () => ({ pose34: IN_FRONT, fx, fy, cx, cy }));
    return {
      derived: new Map([[PROJECTED, positions]]),
      hints: {
        looksLike: "TAPVid-3D (positions in space)",
        tracks: PROJECTED,
        axes: "TNC",
        units: "px",
        origin: "pixel-centre",
        notTracks: ["tracks_XYZ"],
        notes: ["Positions in space are projected by the file’s own lens, pixels of its video."],
      },
    };
  },
};
