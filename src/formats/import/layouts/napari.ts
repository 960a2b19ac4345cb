import { tableArrays } from "../common/table.ts";
import type { Layout } from "./layout.ts";

const TRACKS = "napari tracks";
const MAX_ROWS = 4_000_000;

/** A napari Tracks layer saved as one array [K,4] (track, t, y, x) or [K,5] (track, t, z, y, x). */
export const napariRows: Layout = {
  recognise({ arrays }) {
    for (const { shape, data } of arrays.values()) {
      const [count, width] = shape;
      if (shape.length !== 2 || (width !== 4 && width !== 5) || count > MAX_ROWS) continue;
      const row = (i: number) => data.subarray(i * width, (i + 1) * width);
      const rows = Array.from({ length: count }, (_, i) => {
        const [point, frame] = row(i);
        const [y, x] = row(i).subarray(width - 2);
        return { point, frame, x, y, flag: 1 };
      });
      const whole = rows.every(
        ({ point, frame }) => Number.isSafeInteger(point) && Number.isSafeInteger(frame),
      );
      if (!whole) continue;
      const table = tableArrays(TRACKS, rows, "visible");
      return {
        derived: new Map(table.arrays),
        hints: {
          looksLike: "napari tracks (track, t, y, x)",
          tracks: TRACKS,
          axes: "TNC",
          units: "px",
          origin: "pixel-centre",
          visibility: null,
          notes: table.notes,
        },
      };
    }
    return null;
  },
};
