import type { BinaryReader, TextReader, TrackReader } from "./common/reader.ts";
import { csvReader } from "./csv.ts";
import { foreignReader } from "./foreign.ts";
import { jsonReader } from "./json.ts";
import { motReader } from "./mot.ts";
import { npyReader } from "./npy.ts";
import { npzReader } from "./npz.ts";
import { pickleReader } from "./pickle.ts";
import { safetensorsReader } from "./safetensors.ts";
import { wideTableReader } from "./wide-table.ts";

/** What tracks are read from, in the order of asking: the first that knows a file takes it. */
export const TRACK_READERS: readonly TrackReader[] = [
  npyReader,
  npzReader,
  foreignReader,
  pickleReader,
  safetensorsReader,
  jsonReader,
  motReader,
  wideTableReader,
  csvReader,
];

export const BINARY_READERS: readonly BinaryReader[] = TRACK_READERS.filter(
  (reader) => "matches" in reader,
);
export const TEXT_READERS: readonly TextReader[] = TRACK_READERS.filter(
  (reader) => "matchesText" in reader,
);
