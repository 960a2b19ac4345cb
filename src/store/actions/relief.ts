import type { Size } from "../../domain/clip.ts";
import { isCancelled } from "../../domain/errors.ts";
import type { FileFieldRequest, PlacedCloud } from "../../domain/imported-space.ts";
import type { Job } from "../../domain/job.ts";
import type { PinholePath } from "../../domain/pinhole.ts";
import { resamplePath } from "../../domain/pinhole-between.ts";
import { MOVING, type ReliefAnswer, type ReliefRequest, STATIC } from "../../domain/space-field.ts";
import { trackHistory } from "../../engine/pipeline/history.ts";
import type { TrackedHistory } from "../../engine/pipeline/tracked-history.ts";
import { type CameraFile, placeCameraFile } from "../../formats/import/camera-file.ts";
import type { ImportedRef } from "../document.ts";
import type { ReliefSummary } from "../slices/spaceSlice.ts";
import { type Studio, selectClip, selectDocument, selectGeometry } from "../studio.ts";
import { importedHistory, importedHistoryId, secsOf } from "./imports.ts";
import { clipNotHere } from "./lost-clip.ts";
import { showError } from "./notices.ts";
import { historyIdOf, historyOfClip } from "./prefetch-history.ts";

/** Cells of the relief that camera edits and exports read: one every 8 px. */
const RELIEF_COLUMNS = 104;
const RELIEF_ROWS = 60;
/** Denser tracks: 3,000 points over at most 41 frames, so that they take seconds. */
const DENSE = { columns: 75, rows: 40, historyFrames: 41, referenceFrame: "last-history" } as const;

/** Key of the history whose relief is shown: that of the futures on screen, else of "now". */
export function reliefHistoryId(studio: Studio): string | null {
  const { origin, nowIndex, clipId, imported } = selectDocument(studio.state);
  if (origin) return origin.historyId;
  if (!clipId) return null;
  const tracked = historyIdOf(clipId, nowIndex, selectGeometry(studio.state));
  return imported ? importedHistoryId(tracked, imported) : tracked;
}

/**
 * Cameras and relief of the past of "now", from the studio's own tracks or from denser ones made for
 * it, under cameras of another program where they are given. A failure is shown; a new one ends the one before it.
 */
export async function findRelief(
  studio: Studio,
  points: "grid" | "dense" = "grid",
  given?: CameraFile,
): Promise<void> {
  const id = reliefHistoryId(studio);
  if (!id) return;
  const job = studio.jobs.start("relief", (reliefProgress) =>
    studio.state.setSpace({ reliefProgress }),
  );
  studio.state.setSpace({ reliefProgress: { stage: "", done: 0, total: 0 } });
  try {
    const history = await historyFor(studio, id, points, job);
    const estimator = await studio.ports.relief();
    const { width, height } = selectGeometry(studio.state);
    const asked = { size: { width, height }, columns: RELIEF_COLUMNS, rows: RELIEF_ROWS };
    const told = points === "grid" && !given ? fileRequest(studio, history) : null;
    const answer = told
      ? await estimator.fromFile({ ...withoutCloud(told), ...asked }, job)
      : await estimator.estimate(
          {
            ...{ tracks: history.history, anchorFrame: history.history.frameCount - 1 },
            ...(history.textureN && { textureN: history.textureN }),
            ...asked,
            ...(given ? {} : await guessOf(studio, history, asked.size, job)),
            ...(given ? { cameras: camerasOver(studio, given, history.history.frameCount) } : {}),
          },
          job,
        );
    if (job.signal.aborted) return;
    studio.bulk.fields.clear();
    studio.bulk.lifted.clear();
    if (answer.relief) studio.bulk.reliefs.set(id, answer.relief);
    const cloud = told && placedCloud(told, answer);
    const { queryXyN2 } = history;
    studio.bulk.fields.set(id, { ...answer, queryXyN2, ...(cloud ? { cloud } : {}) });
    studio.state.setSpace({ relief: summaryOf(id, answer), rigidityPx: {} });
    const found = answer.relief ? "Relief found" : "No relief can be told";
    studio.state.setRun({ status: [found, ...(given?.notices ?? [])].join(". ") });
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
  } finally {
    if (job.finish()) studio.state.setSpace({ reliefProgress: null });
  }
}

/** What the network tells of the points, where one ships and runs: without it the adjustment starts alone. */
async function guessOf(
  studio: Studio,
  { history }: TrackedHistory,
  size: Size,
  job: Job,
): Promise<Pick<ReliefRequest, "guess">> {
  try {
    const teller = await studio.ports.depthTeller?.();
    const request = { tracks: history, anchorFrame: history.frameCount - 1, size };
    const guess = await teller?.tell(request, job);
    return guess ? { guess } : {};
  } catch (error) {
    if (isCancelled(error)) throw error;
    return {};
  }
}

export function cancelRelief(studio: Studio): void {
  studio.jobs.cancel("relief");
  studio.state.setSpace({ reliefProgress: null });
}

/** Lifts the futures on screen that are not lifted yet; nothing where no depth is known. */
export async function liftFutures(studio: Studio): Promise<void> {
  const { relief } = studio.state;
  const { origin, slots } = selectDocument(studio.state);
  const known = relief && studio.bulk.fields.get(relief.id);
  const history = origin && studio.bulk.histories.get(origin.historyId);
  if (!known?.field.cameras || !history || origin.historyId !== relief?.id) return;
  // Denser points have no futures: those of the grid take the depth of the point next to them.
  const field = known.field.stateN.length === history.history.pointCount ? known.field : null;
  const missing = slots.flatMap(({ futureId }) => {
    const future = futureId && studio.bulk.futures.get(futureId);
    return future && !studio.bulk.lifted.has(futureId) ? [{ futureId, tracks: future.tracks }] : [];
  });
  if (!field || missing.length === 0) return;
  const job = studio.jobs.start("lift");
  try {
    const estimator = await studio.ports.relief();
    const futures = missing.map(({ tracks }) => tracks);
    const lifted = await estimator.lift({ field, queryXyN2: history.queryXyN2, futures }, job);
    if (job.signal.aborted) return;
    const rigidityPx = { ...studio.state.rigidityPx };
    missing.forEach(({ futureId }, i) => {
      studio.bulk.lifted.set(futureId, lifted[i]);
      rigidityPx[futureId] = lifted[i].rigidityPx;
    });
    studio.state.setSpace({ rigidityPx });
  } catch (error) {
    if (!isCancelled(error)) showError(studio, error);
  } finally {
    job.finish();
  }
}

async function historyFor(
  studio: Studio,
  id: string,
  points: "grid" | "dense",
  job: Job,
): Promise<TrackedHistory> {
  const kept = studio.bulk.histories.get(id);
  if (kept && points === "grid") return kept;
  const { nowIndex, origin } = selectDocument(studio.state);
  const clip = selectClip(studio.state);
  const open = clip && studio.bulk.clips.get(clip.id);
  if (!clip || !open) throw clipNotHere(studio, clip?.id ?? "");
  const heard = {
    signal: job.signal,
    onEvent: (event: {
      readonly kind: string;
      readonly done?: number;
      readonly total?: number;
    }) => {
      if (event.kind !== "progress" || event.total === undefined) return;
      job.onProgress?.({ stage: "Tracking", done: event.done ?? 0, total: event.total });
    },
  };
  const now = origin?.nowIndex ?? nowIndex;
  const used = usedImport(studio);
  if (points === "grid" && used) {
    return importedHistory(studio, clip, now, used, selectGeometry(studio.state), id);
  }
  if (points === "grid") return (await historyOfClip(studio, clip, now, heard)).history;
  const geometry = { ...selectGeometry(studio.state), ...DENSE };
  const ports = { clip: open, tracker: studio.ports.tracker };
  return (await trackHistory(ports, { nowIndex: now, geometry }, heard)).history;
}

/**
 * Cameras of a file for the frames of the past. It holds one for every picture of the clip, at its own or
 * the working rate, or else as many as lie evenly over it.
 */
function camerasOver(studio: Studio, file: CameraFile, frameCount: number): PinholePath {
  const clip = selectClip(studio.state);
  if (!clip) throw clipNotHere(studio, "");
  const { origin, nowIndex } = selectDocument(studio.state);
  const { info, options } = clip;
  const count = file.path.frameCount;
  const fps =
    count === info.frameCount
      ? info.fps
      : count === info.nativeFrameCount
        ? info.nativeFps
        : (count - 1) / Math.max(1e-3, info.durationSecs);
  const now = secsOf(clip, origin?.nowIndex ?? nowIndex) * fps;
  const step = fps / info.fps;
  const indices = Float64Array.from(
    { length: frameCount },
    (_, t) => now - (frameCount - 1 - t) * step,
  );
  return resamplePath(placeCameraFile(file, options.fit), indices);
}

/** The dense field is only looked at: it stays on this thread. */
function withoutCloud<T extends Pick<FileFieldRequest, "space">>(request: T): T {
  const { cameras, positionsTN3 } = request.space;
  return { ...request, space: { cameras, positionsTN3 } };
}

function placedCloud(
  { space, fileFrameT }: Pick<FileFieldRequest, "space" | "fileFrameT">,
  { fileWorld }: ReliefAnswer,
): PlacedCloud | null {
  const last = fileFrameT.length - 1;
  if (!space.cloud || !fileWorld) return null;
  const step = last > 0 ? fileFrameT[last] - fileFrameT[last - 1] : 1;
  return { cloud: space.cloud, world: fileWorld, nowFrame: fileFrameT[last], step };
}

/** What the past on screen, or else of "now", was imported from. */
function usedImport(studio: Studio): ImportedRef | null {
  const { origin, imported } = selectDocument(studio.state);
  return (origin ? origin.imported : imported) ?? null;
}

/** What the file of an imported past tells in space; null where there is none. */
function fileRequest(
  studio: Studio,
  { history, queryXyN2 }: TrackedHistory,
): Pick<FileFieldRequest, "space" | "tracks" | "fileFrameT" | "queryXyQ2"> | null {
  const used = usedImport(studio);
  const space = used && studio.bulk.importedSpaces.get(used.id);
  const tracks = used && studio.bulk.imports.get(used.id);
  const clip = selectClip(studio.state);
  if (!space || !tracks || !clip) return null;
  const { origin, nowIndex } = selectDocument(studio.state);
  const nowSecs = secsOf(clip, origin?.nowIndex ?? nowIndex);
  const now = (nowSecs - used.firstSecs) * used.fps;
  const step = used.fps / clip.info.fps;
  const last = history.frameCount - 1;
  const fileFrameT = Float64Array.from({ length: last + 1 }, (_, t) => now - (last - t) * step);
  return { space, tracks, fileFrameT, queryXyQ2: queryXyN2 };
}

function summaryOf(id: string, { field, curves }: ReliefAnswer): ReliefSummary {
  const { stateN, groundN, sigmaLogN, why, toldBy, parallaxPx, focal } = field;
  const sigmas = sigmaLogN.filter((_, n) => stateN[n] === STATIC).sort();
  const count = (state: number) => stateN.filter((own) => own === state).length;
  return {
    id,
    why,
    pointCount: stateN.length,
    still: count(STATIC) / stateN.length,
    moving: count(MOVING) / stateN.length,
    ground: (groundN?.filter(Boolean).length ?? 0) / stateN.length,
    parallaxPx,
    sigmaLog: sigmas[sigmas.length >> 1] ?? 0,
    curvesPx: (curves?.residual ?? 0) * focal.px,
    focal,
    ...(toldBy ? { toldBy } : {}),
  };
}
