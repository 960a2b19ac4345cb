import type { Frame } from "../../domain/clip.ts";
import { isCancelled } from "../../domain/errors.ts";
import { layerOfSubject, pointsOnSubject, type SubjectMask } from "../../domain/subject.ts";
import { type Studio, selectDocument, selectGeometry } from "../studio.ts";
import { assumeByGesture, assumedNow } from "./cameras.ts";
import { selectEditScene } from "./edits.ts";
import { showError } from "./notices.ts";

/**
 * What the picture of the futures' "now" seems to be of; null where it could not be told, which is shown,
 * and where another picture has come meanwhile.
 */
async function findSubject(studio: Studio): Promise<SubjectMask | null> {
  const { clipId, origin } = selectDocument(studio.state);
  const clip = clipId && studio.bulk.clips.get(clipId);
  if (!clip || !origin) return null;
  const job = studio.jobs.start("subject");
  const isHere = () => selectDocument(studio.state).origin?.historyId === origin.historyId;
  const stop = studio.store.subscribe(() => {
    if (isHere()) return;
    stop();
    studio.jobs.cancel("subject");
  });
  studio.state.setRun({ status: "Looking for the subject of the picture…" });
  try {
    const finder = await studio.ports.subject?.();
    const { width, height } = selectGeometry(studio.state);
    const frames: Frame[] = [];
    const onFrame = (frame: Frame) => void frames.push(frame);
    const { nowIndex } = origin;
    await clip.read(nowIndex, nowIndex + 1, { width, height }, { onFrame }, job);
    const mask = frames.length > 0 && finder ? await finder.find(frames[0], job) : null;
    return isHere() ? mask : null;
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
    return null;
  } finally {
    stop();
    job.finish();
  }
}

const NONE = "The picture seems to have no subject: pick points or paint by hand";

/** Picks the points on what the picture seems to be of: a guess that the user takes or changes. */
export async function pickSubject(studio: Studio): Promise<void> {
  const mask = await findSubject(studio);
  const scene = selectEditScene(studio.state, studio);
  if (!mask || !scene) return;
  const points = pointsOnSubject(mask, scene.startN2, selectGeometry(studio.state));
  if (points.length > 0) studio.state.setView({ selectedPoints: points });
  const found = `${points.length} points lie on the likely subject: click one with Shift to take it out`;
  studio.state.setRun({ status: points.length > 0 ? found : NONE });
}

/** Lets the likely subject stand upright on the ground, for all cameras: one undo step. */
export async function subjectAsLayer(studio: Studio): Promise<void> {
  const mask = await findSubject(studio);
  const layer = mask && layerOfSubject(mask, selectGeometry(studio.state));
  if (!layer) {
    if (mask) studio.state.setRun({ status: NONE });
    return;
  }
  await assumeByGesture(studio, { layers: [...assumedNow(studio).layers, layer] });
  studio.state.setRun({ status: "The likely subject stands on the ground" });
}
