import { FormatError } from "../../domain/errors.ts";
import { isNpy, type NpyArray, NUMPY_WAY_OUT, readNpy } from "../containers/npy.ts";
import { readNpz } from "../containers/npz.ts";
import { parseJson } from "../containers/safe-json.ts";
import { isZip, readZip } from "../containers/zip.ts";
import type { LoadedArrays, RefusedArray } from "./common/types.ts";
import { loadCsv } from "./csv.ts";
import { loadJson } from "./json.ts";
import { ownNpzHints } from "./own-npz.ts";

const MAX_TEXT_BYTES = 1 << 28;

/**
 * Opens a file of tracks by its content, not by its name.
 * @throws FormatError with the way out; pickles and torch files are refused, because opening one runs
 * whatever program it carries.
 */
export function loadArrays(bytes: Uint8Array, name: string): LoadedArrays {
  if (bytes.length === 0) throw new FormatError("The file is empty", "Choose another file.");
  if (isNpy(bytes)) {
    const arrays = new Map([["tracks", readNpy(bytes, `“${name}”`)]]);
    return { container: "npy", arrays, refused: [], hints: {} };
  }
  if (isZip(bytes)) return loadZip(bytes);
  if (bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5) throw pickle("a Python pickle");
  const text = decodeText(bytes, name);
  const start = text.replace(/^\uFEFF/, "").trimStart()[0];
  if (start === "{" || start === "[") return loadJson(parseJson(bytes));
  return loadCsv(text);
}

/**
 * Opens what the user brought together: one file of any kind, or several .npy files, whose names then
 * name the arrays, such as `tracks.npy` beside `visibility.npy`.
 * @throws FormatError
 */
export function loadFiles(
  files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
): LoadedArrays {
  if (files.length === 1) return loadArrays(files[0].bytes, files[0].name);
  const arrays = new Map<string, NpyArray>();
  for (const { name, bytes } of files) {
    const stem = name.replace(/\.npy$/i, "");
    if (!isNpy(bytes) || arrays.has(stem)) {
      throw new FormatError(
        isNpy(bytes) ? `Two files are named “${name}”` : `“${name}” is not a .npy file`,
        "Several files are read together only as .npy, one array each; bring others one by one.",
      );
    }
    arrays.set(stem, readNpy(bytes, `“${name}”`));
  }
  return { container: "npy", arrays, refused: [], hints: {} };
}

function loadZip(bytes: Uint8Array): LoadedArrays {
  const names = new Set<string>();
  readZip(bytes, (entry) => {
    names.add(entry);
    return false;
  });
  if ([...names].some((entry) => /(^|\/)data\.pkl$/.test(entry))) throw pickle("a PyTorch file");
  const refused: RefusedArray[] = [];
  const arrays = readNpz(bytes, (entry, error) =>
    refused.push({ name: entry, reason: error.message }),
  );
  if (arrays.size === 0) {
    throw new FormatError(refused[0]?.reason ?? "The archive holds no array", NUMPY_WAY_OUT);
  }
  return { container: "npz", arrays, refused, hints: ownNpzHints(arrays) };
}

function pickle(what: string): FormatError {
  return new FormatError(
    `This is ${what}: opening one runs the program inside, so it is refused`,
    NUMPY_WAY_OUT,
  );
}

function decodeText(bytes: Uint8Array, name: string): string {
  const unreadable = () =>
    new FormatError(
      `“${name}” is not a file of tracks`,
      "Bring .npz, .npy, .json or .csv; a video opens through “Open clip”.",
    );
  if (bytes.length > MAX_TEXT_BYTES) throw unreadable();
  if (bytes.subarray(0, 4096).includes(0)) throw unreadable();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unreadable();
  }
}
