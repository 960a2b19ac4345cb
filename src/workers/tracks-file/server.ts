import { serializeError } from "../../domain/errors.ts";
import { type ImportClip, inspectArrays } from "../../formats/import/common/inspect.ts";
import { readTracks } from "../../formats/import/common/read.ts";
import type { LoadedArrays } from "../../formats/import/common/types.ts";
import { loadFiles } from "../../formats/import/load.ts";
import type { TracksFileReply, TracksFileRequest } from "./protocol.ts";

/** The worker's side of the protocol: files are unpacked once and read as often as choices change. */
export function createTracksFileServer(
  send: (reply: TracksFileReply) => void,
): (request: TracksFileRequest) => void {
  let opened: { readonly arrays: LoadedArrays; readonly clip: ImportClip } | undefined;
  let queue: Promise<void> = Promise.resolve();

  async function answer(request: TracksFileRequest): Promise<TracksFileReply> {
    const { id } = request;
    if (request.kind === "open") {
      const { clip } = request;
      const files = request.files.map(async (file) => ({
        name: file.name,
        bytes: new Uint8Array(await file.arrayBuffer()),
      }));
      opened = { arrays: loadFiles(await Promise.all(files)), clip };
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
