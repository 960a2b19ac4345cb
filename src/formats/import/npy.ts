import { isNpy, readNpy } from "../containers/npy.ts";
import type { BinaryReader } from "./common/reader.ts";

/** One NumPy array, which is the tracks. */
export const npyReader: BinaryReader = {
  name: "npy",
  endings: [".npy"],
  matches: isNpy,
  load: (bytes, name) => ({
    container: "npy",
    arrays: new Map([["tracks", readNpy(bytes, `“${name}”`)]]),
    refused: [],
    hints: {},
  }),
};
