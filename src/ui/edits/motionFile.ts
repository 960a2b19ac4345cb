import type { Motion } from "../../domain/edits/motion.ts";
import { motionOfForecast, motionOfTracks } from "../../store/actions/transfers.ts";
import { type Studio, selectClip, selectFps } from "../../store/studio.ts";
import { TracksFile } from "../../workers/tracks-file/client.ts";

const WORKING = { displaySize: { width: 832, height: 480 }, fit: "cover" } as const;

/**
 * The motion of a file: what a saved forecast observed, or tracks of another tool as they are proposed to
 * be read. @throws FormatError
 */
export async function motionOfFile(studio: Studio, file: File): Promise<Motion> {
  const tracksFile = new TracksFile([file]);
  try {
    const clip = selectClip(studio.state);
    const given = clip && { displaySize: clip.info.displaySize, fit: clip.options.fit };
    const inspection = await tracksFile.open(given ?? WORKING);
    if (inspection.kind === "forecast" && file.name.toLowerCase().endsWith(".json")) {
      return motionOfForecast(studio, new Uint8Array(await file.arrayBuffer()));
    }
    const { tracks, fps } = await tracksFile.read(inspection.proposal);
    return motionOfTracks(
      studio,
      tracks,
      fps ?? inspection.fps ?? selectFps(studio.state),
      file.name,
    );
  } finally {
    tracksFile.close();
  }
}
