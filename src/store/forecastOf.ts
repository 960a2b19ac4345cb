import type { CameraMode } from "../domain/camera-view.ts";
import { withoutCamera } from "../domain/camera-view.ts";
import type { Forecast, Future } from "../domain/forecast.ts";
import type { Slot, StudioDocument } from "./document.ts";
import type { Studio } from "./studio.ts";

/**
 * The forecast on screen with the futures of `slots`, as the camera mode shows them, put together
 * from the bulk store.
 */
export function forecastOf(
  studio: Studio,
  document: StudioDocument,
  slots: readonly Slot[],
  camera: CameraMode,
): Forecast | null {
  const { origin } = document;
  const known = origin ? studio.bulk.histories.get(origin.historyId) : undefined;
  if (!origin || !known) return null;
  const futures = slots
    .map((slot) => (slot.futureId ? studio.bulk.futures.get(slot.futureId) : undefined))
    .filter((future): future is Future => future !== undefined);
  const truth = studio.bulk.truths.get(origin.historyId);
  return {
    queryXyN2: known.queryXyN2,
    history: known.history,
    futures: throughCamera(futures, camera),
    ...(truth ? { truth } : {}),
    fps: origin.fps,
    nowSecs: origin.nowSecs,
    packId: origin.packId,
    ...(origin.packIdentity ? { packIdentity: origin.packIdentity } : {}),
    sampler: origin.sampler,
    ...(document.edits.length > 0 ? { edits: document.edits } : {}),
    ...(origin.imported ? { importedFrom: origin.imported.fileName } : {}),
  };
}

/** A held or followed camera leaves the motion of the things themselves, and no camera path. */
function throughCamera(futures: readonly Future[], camera: CameraMode): readonly Future[] {
  if (camera === "sampled") return futures;
  return futures.map((future) => {
    const { cameraPathT6: _, ...rest } = future;
    return { ...rest, tracks: withoutCamera(future) };
  });
}
