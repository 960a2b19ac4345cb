import { FormatError } from "../../domain/errors.ts";
import { readSafetensors, startsSafetensors } from "../containers/safetensors.ts";
import type { BinaryReader } from "./common/reader.ts";

/** Named arrays of a .safetensors file. */
export const safetensorsReader: BinaryReader = {
  name: "safetensors",
  endings: [".safetensors"],
  matches: startsSafetensors,
  load(bytes) {
    const refused: { name: string; reason: string }[] = [];
    const arrays = readSafetensors(bytes, (name, reason) => refused.push({ name, reason }));
    if (arrays.size > 0) return { container: "safetensors", arrays, refused, hints: {} };
    throw new FormatError(
      refused[0]?.reason ?? "The file holds no array",
      "Save the tracks as float32: save_file({'tracks': tracks.float()}, 'tracks.safetensors').",
    );
  },
};
