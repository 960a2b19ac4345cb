import type { NpyArray } from "../../containers/npy.ts";
import type { LoadedArrays, LoadHints } from "../common/types.ts";

/** Whose layout a set of named arrays is, and what follows from it. */
export interface Layout {
  /** Null where the arrays are not of this layout. */
  recognise(loaded: LoadedArrays): Recognised | null;
}

export interface Recognised {
  readonly hints: LoadHints;
  /** Arrays made of those in the file, such as positions projected into the picture. */
  readonly derived?: ReadonlyMap<string, NpyArray>;
}
