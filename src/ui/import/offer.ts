import { create } from "zustand";
import { FormatError, isCancelled } from "../../domain/errors.ts";
import type { TrackInspection } from "../../formats/import/common/types.ts";
import { showError } from "../../store/actions/notices.ts";
import { restoreForecast } from "../../store/actions/restore.ts";
import type { ClipSummary } from "../../store/slices/clipSlice.ts";
import { type Studio, selectClip } from "../../store/studio.ts";
import { TracksFile } from "../../workers/tracks-file/client.ts";

/** A file of tracks that waits for the user to confirm how it is to be read. */
export interface Offer {
  readonly tracksFile: TracksFile;
  readonly inspection: TrackInspection;
  readonly clip: ClipSummary;
}

export const useOffer = create<{ readonly offer: Offer | null }>(() => ({ offer: null }));

const WORKING = { displaySize: { width: 832, height: 480 }, fit: "cover" } as const;

let reading: TracksFile | null = null;

/**
 * Opens a file of tracks, or several .npy that belong together, and asks how to read it. Our own forecasts are restored instead, unless
 * `onlyTracks`. A bad file gives a message and changes nothing.
 */
export async function offerTracks(
  studio: Studio,
  files: readonly File[],
  onlyTracks = false,
): Promise<void> {
  closeOffer();
  const tracksFile = new TracksFile(files);
  reading = tracksFile;
  const clip = selectClip(studio.state);
  studio.state.setRun({ notice: null, status: `Reading ${tracksFile.name}` });
  try {
    const given = clip && { displaySize: clip.info.displaySize, fit: clip.options.fit };
    const inspection = await tracksFile.open(given ?? WORKING);
    if (inspection.kind === "forecast" && !onlyTracks) {
      tracksFile.close();
      return await restoreForecast(studio, files[0]);
    }
    if (!clip) throw noClip(tracksFile.name);
    studio.state.setRun({ status: `${tracksFile.name} is read: check how, then use its tracks` });
    useOffer.setState({ offer: { tracksFile, inspection, clip } });
  } catch (error) {
    tracksFile.close();
    if (!isCancelled(error)) showError(studio, error);
  }
}

/** Leaves the file aside; nothing was changed by it. */
export function closeOffer(): void {
  reading?.close();
  reading = null;
  useOffer.setState({ offer: null });
}

function noClip(name: string): FormatError {
  return new FormatError(
    `${name} holds tracks, and no clip is open that they could follow`,
    "Open the clip: the tracks are kept until then.",
  );
}
