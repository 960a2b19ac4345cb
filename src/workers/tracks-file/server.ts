import { serializeError } from "../../domain/errors.ts";
import { readTracks } from "../../formats/import.ts";
import { type ImportClip, inspectArrays } from "../../formats/import-inspect.ts";
import { loadArrays } from "../../formats/import-load.ts";
import type { LoadedArrays } from "../../formats/import-types.ts";
import type { TracksFileReply, TracksFileRequest } from "./protocol.ts";

/** The worker's side of the protocol: the file is unpacked once and read as often as choices change. */
export function createTracksFileServer(
  send: (reply: TracksFileReply) => void,
): (request: TracksFileRequest) => void {
  let opened: { readonly arrays: LoadedArrays; readonly clip: ImportClip } | undefined;
  let queue: Promise<void> = Promise.resolve();

  async function answer(request: TracksFileRequest): Promise<TracksFileReply> {
    const { id } = request;
    if (request.kind === "open") {
      const { file, clip } = request;
      const bytes = new Uint8Array(await file.arrayBuffer());
      opened = { arrays: loadArrays(bytes, file.name), clip };
      return { kind: "inspected", id, inspection: inspectArrays(opened.arrays, clip) };
    }
    if (!opened) throw new Error("open comes first");
    const { arrays, clip } = opened;
    return request.kind === "inspect"
      ? { kind: "inspected", id, inspection: inspectArrays(arrays, clip, request.tracks) }
      : { kind: "imported", id, imported: readTracks(arrays, request.choices) };
  }

  return (request) => {
    queue = queue.then(async () => {
      try {
        send(await answer(request));
      } catch (error) {
        send({ kind: "failed", id: request.id, error: serializeError(error) });
      }
    });
  };
}
