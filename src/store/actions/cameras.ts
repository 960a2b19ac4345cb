import type { Size } from "../../domain/clip.ts";
import { type CameraEdit, type CameraKey, cameraOf, withMove } from "../../domain/edits/camera.ts";
import { keysOfPath, keysOfPinhole } from "../../domain/edits/camera-keys.ts";
import {
  type Assumed,
  assumedRelief,
  defaultAssumed,
  depthOfRelief,
} from "../../domain/edits/depth.ts";
import { FormatError } from "../../domain/errors.ts";
import { DEFAULT_FOV_DEGREES, fovOfFocalPx, frameCentre } from "../../domain/pinhole.ts";
import { inverseDepthAt, type Relief } from "../../domain/relief.ts";
import { type NamedBytes, namedBytes } from "../../formats/import/common/named-bytes.ts";
import { type Studio, type StudioState, selectDocument, selectGeometry } from "../studio.ts";
import { runStep } from "./arrivals.ts";
import { freshEdit, putEdit, selectEditScene } from "./edits.ts";
import { followEdits } from "./forecast.ts";
import { commitGesture } from "./gestures.ts";

/** The cameras of the document, in the order of the list. */
export function selectCameras(state: StudioState): readonly CameraEdit[] {
  return selectDocument(state).edits.filter((edit): edit is CameraEdit => edit.kind === "camera");
}

/** What the next camera assumes: as the last one does, else the relief that was found, else nothing. */
export function assumedNow(studio: Studio): Assumed {
  const { state } = studio;
  const { width, height } = selectGeometry(state);
  const last = selectCameras(state).at(-1)?.assumed;
  if (last) return last;
  const parallax = selectParallax(state, studio);
  const size = { width, height };
  return { ...defaultAssumed(size), ...(parallax ? assumedOfParallax(parallax, size) : {}) };
}

/** A relief and the field of view that it was found with. */
export function assumedOfParallax(relief: Relief, size: Size): Partial<Assumed> {
  const { focalPx } = relief;
  const fovDegrees = focalPx ? fovOfFocalPx(focalPx, size) : DEFAULT_FOV_DEGREES;
  return { ...depthOfRelief(relief), fovDegrees: Math.min(150, Math.max(5, fovDegrees)) };
}

/** A camera of the chosen move about the middle of the picture; numbers take it from there. */
export function addCamera(studio: Studio, point?: number): CameraEdit | null {
  const { state } = studio;
  const scene = selectEditScene(state, studio);
  if (!scene) return null;
  const picked = point === undefined ? [] : [...scene.startN2.subarray(2 * point, 2 * point + 2)];
  const centre = frameCentre(selectGeometry(state));
  const pivot = [picked[0] ?? centre[0], picked[1] ?? centre[1]] as const;
  const edit = cameraOf(
    freshEdit(studio, "Camera"),
    state.cameraMove,
    pivot,
    assumedNow(studio),
    scene.frameCount,
  );
  putEdit(studio, edit);
  return edit;
}

/** All cameras see one scene: what one of them assumes, all do. */
export function assume(studio: Studio, part: Partial<Assumed>, mergeKey?: string): void {
  studio.state.edit((document) => {
    const edits = document.edits.map((edit) =>
      edit.kind === "camera" ? { ...edit, assumed: { ...edit.assumed, ...part } } : edit,
    );
    return { ...document, edits };
  }, mergeKey);
}

/** The same by a gesture on the panel: the futures that follow it are the same undo step. */
export function assumeByGesture(studio: Studio, part: Partial<Assumed>): Promise<void> {
  const step = runStep(studio);
  assume(studio, part, step);
  return followEdits(studio, step);
}

/**
 * Takes a depth map over the picture of "now" for all cameras: one undo step.
 * Rejects with FormatError where the file is none.
 */
export async function openDepthMap(studio: Studio, file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { origin } = selectDocument(studio.state);
  if (!origin) return;
  const { readDepthMap, depthOverFrame } = await import("../../formats/import/depth-map.ts");
  const { width, height } = selectGeometry(studio.state);
  const depth = depthOverFrame(readDepthMap(bytes, file.name), origin.clip, { width, height });
  await assumeByGesture(studio, depth);
  studio.state.setRun({ status: `Depth is from ${file.name}` });
}

/**
 * Takes an array file that came without a word as the depth map, if it is one beyond doubt; else tells
 * false, and it is for others to read.
 */
export async function takeDepthMap(studio: Studio, file: File): Promise<boolean> {
  const { origin } = selectDocument(studio.state);
  if (!origin) return false;
  const { looksLikeDepthMap } = await import("../../formats/import/depth-map.ts");
  const pictures = [origin.clip.displaySize, selectGeometry(studio.state)];
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (!looksLikeDepthMap(bytes, file.name, pictures)) return false;
    await openDepthMap(studio, file);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** Depth from how the clip's own camera moved; null where it is not known. */
export function selectParallax(state: StudioState, { bulk }: Studio): Relief | null {
  const { origin } = selectDocument(state);
  return (origin && bulk.reliefs.get(origin.historyId)) ?? null;
}

/**
 * Gives a camera the way of another clip's: that of the first future of a saved forecast which has one, or
 * of cameras in space (COLMAP, Nerfstudio, npz of 3-D tracks), a frame of theirs being one of the forecast's.
 * Rejects with FormatError where the files hold none.
 */
export async function openCameraPath(
  studio: Studio,
  edit: CameraEdit,
  files: readonly File[],
): Promise<void> {
  const named = files.map(({ name }) => name).join(", ");
  const read = await Promise.all(files.map(namedBytes));
  const { keys, notices } = await cameraKeysOf(studio, edit, read);
  await commitGesture(studio, { ...withMove(edit, "keys"), keys });
  studio.state.setRun({ status: [`${edit.name} moves as in ${named}`, ...notices].join(". ") });
}

async function cameraKeysOf(
  studio: Studio,
  edit: CameraEdit,
  files: readonly NamedBytes[],
): Promise<{ readonly keys: CameraKey[]; readonly notices: readonly string[] }> {
  const { isCameraWay, readCameraWay } = await import("../../formats/import/camera-way.ts");
  const size = selectGeometry(studio.state);
  const [file] = files;
  if (isCameraWay(files)) {
    const { path, medianDepth, notices } = readCameraWay(files);
    const [x, y] = edit.pivot;
    const pivotDepth = 1 / inverseDepthAt(assumedRelief(edit.assumed, size), size, x, y);
    const keys = keysOfPinhole(path, edit, (medianDepth ?? 1) * pivotDepth);
    const unit =
      "The file does not say how deep its scene is: one unit of it is a median depth here, and “travel” changes that";
    return { keys, notices: [...notices, ...(medianDepth === null ? [unit] : [])] };
  }
  const { readDocument } = await import("../../formats/document/document.ts");
  const { forecast } = readDocument(file.bytes).document;
  const pathT6 = forecast.futures.find((future) => future.cameraPathT6)?.cameraPathT6;
  if (!pathT6) {
    throw new FormatError(
      `${file.name} holds no camera`,
      "Save a forecast of a model that forecasts the camera as Foretrack JSON, or open cameras of Nerfstudio, COLMAP or 3-D tracks.",
    );
  }
  const rate = (selectDocument(studio.state).origin?.fps ?? forecast.fps) / forecast.fps;
  return { keys: keysOfPath(pathT6, edit, size, rate), notices: [] };
}
