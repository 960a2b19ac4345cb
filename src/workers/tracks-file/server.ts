import { type ImportClip, inspectArrays } from "../../formats/import/common/inspect.ts";
import { loadFiles } from "../../formats/import/common/load.ts";
import { readTracks } from "../../formats/import/common/read.ts";
import type { LoadedArrays } from "../../formats/import/common/types.ts";
import type { Handlers } from "../channel/server.ts";
import { buffersOf } from "../channel/transfer.ts";
import type { TracksFileOperations } from "./protocol.ts";

interface Opened {
  readonly arrays: LoadedArrays;
  readonly clip: ImportClip;
}

/** Files are unpacked once and read as often as choices change. */
export function tracksFileHandlers(): Handlers<TracksFileOperations> {
  let opened: Opened | undefined;

  function known(): Opened {
    if (!opened) throw new Error("open comes first");
    return opened;
  }

  return {
    async open({ files, clip }) {
      const loading = files.map(async ({ name, blob }) => ({
        name,
        bytes: new Uint8Array(await blob.arrayBuffer()),
      }));
      opened = { arrays: loadFiles(await Promise.all(loading)), clip };
      return inspectArrays(opened.arrays, clip);
    },
    async inspect({ tracks }) {
      const { arrays, clip } = known();
      return inspectArrays(arrays, clip, tracks);
    },
    async read({ choices }, { handOver }) {
      const imported = readTracks(known().arrays, choices);
      handOver(buffersOf(imported.tracks.tracksTN2, imported.tracks.visibilityTN));
      return imported;
    },
  };
}
