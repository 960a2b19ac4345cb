import type { LoadedArrays } from "../common/types.ts";
import { alltracker } from "./alltracker.ts";
import { camerasInFile } from "./cameras.ts";
import { foretrackField } from "./foretrack-field.ts";
import type { Layout } from "./layout.ts";
import { minusOneHidden } from "./minus-one.ts";
import { napariRows } from "./napari.ts";
import { own } from "./own.ts";
import { tapir } from "./tapir.ts";
import { tapvid3d } from "./tapvid3d.ts";

/** In the order of asking: the first that knows the arrays settles what they are. */
const LAYOUTS: readonly Layout[] = [
  own,
  foretrackField,
  camerasInFile,
  tapvid3d,
  alltracker,
  tapir,
  napariRows,
  minusOneHidden,
];

/** The file with what its layout settles; what the container settled itself goes first. */
export function settleLayout(loaded: LoadedArrays): LoadedArrays {
  if (loaded.hints.tracks !== undefined) return loaded;
  for (const layout of LAYOUTS) {
    const found = layout.recognise(loaded);
    if (!found) continue;
    const arrays = new Map([...(found.derived ?? []), ...loaded.arrays]);
    return { ...loaded, arrays, hints: { ...found.hints, ...loaded.hints } };
  }
  return loaded;
}
