import { cameraView } from "../../domain/camera-view.ts";
import { editPaths, withEdit } from "../../domain/edits.ts";
import type { Future } from "../../domain/forecast.ts";
import { STUDIO_GRID } from "../../domain/grid.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { finerStartM2 } from "../../engine/exploration/finer.ts";
import type { StudioDocument } from "../../store/document.ts";
import { finerCellsOf, onFinerCells } from "../../store/finer.ts";
import type { ViewSettings } from "../../store/slices/viewSlice.ts";
import { type Studio, selectFps } from "../../store/studio.ts";
import type { ViewportData, ViewportOptions } from "../../viewport/options.ts";
import { DEFAULT_OPTIONS } from "../../viewport/options.ts";
import { derivedTracks } from "./derivedTracks.ts";
import type { Previewed } from "./previewBinding.ts";
import { stageView } from "./stageViews.ts";

/** Wide enough to tell the dashes apart on a bright picture. */
const LINE_SCALE = 1.5;

/**
 * What the viewport draws of a document, a previewed future in its slot; null while there is no
 * forecast.
 */
export function sceneData(
  studio: Studio,
  document: StudioDocument,
  view: ViewSettings,
  preview: Previewed | null = null,
): ViewportData | null {
  const { slots } = document;
  const live = liveFuture(studio);
  const origin = live ? liveOrigin(studio, document) : document.origin;
  const tracked = origin ? studio.bulk.histories.get(origin.historyId) : undefined;
  if (!origin || !tracked) return null;
  const isOther = origin.historyId !== document.origin?.historyId;
  const sampled = slots.map((slot) => {
    if (slot.id === preview?.slotId) return preview.future;
    if (isOther || !slot.futureId) return null;
    return studio.bulk.futures.get(slot.futureId) ?? null;
  });
  if (live) sampled.push(live);
  const present = sampled.filter((future): future is Future => future !== null);
  const solo = slots.findIndex((slot) => slot.id === document.soloId);
  const seen = cameraView(present, view.camera, sampled[solo] ?? undefined);
  const shown = new Map(present.map((future, i) => [future, seen.futures[i]]));
  return {
    history: tracked.history,
    futures: sampled.map((future) => (future ? (shown.get(future) ?? null) : null)),
    truth: studio.bulk.truths.get(origin.historyId),
    derived: derivedTracks(tracked.history, view.layers),
    queryXyN2: tracked.queryXyN2,
    fps: origin.fps,
    nowFrame: origin.nowIndex,
    pictureAffineT6: seen.pictureAffineT6,
    finer: finerFutures(studio, sampled, (future) => shown.get(future), {
      factor: Number(view.layers.finer),
      shownSlots: drawnAlone(studio, document),
    }),
  };
}

/** Futures that are drawn on finer cells: the one that is alone, or those that are not hidden. */
function drawnAlone(studio: Studio, { slots, soloId }: StudioDocument): readonly number[] {
  if (liveFuture(studio)) return [slots.length];
  return slots.flatMap(({ id, hidden }, i) => ((soloId ? id === soloId : !hidden) ? [i] : []));
}

/** At most so many at once: one takes up to 8 MB on the graphics device. */
const MOST_FINER = 4;

function finerFutures(
  studio: Studio,
  sampled: readonly (Future | null)[],
  tracksOf: (future: Future) => Tracks | undefined,
  { factor, shownSlots }: { readonly factor: number; readonly shownSlots: readonly number[] },
): ViewportData["finer"] {
  if (!(factor > 1)) return undefined;
  const drawn = shownSlots.slice(0, MOST_FINER);
  const tracks = sampled.map((future, slot) => {
    const cells = finerCellsOf(studio, future).find((each) => each.factor === factor);
    const own = future && drawn.includes(slot) ? tracksOf(future) : undefined;
    if (!own || !cells) return null;
    return onFinerCells(own === future?.tracks ? future : { tracks: own }, cells);
  });
  if (tracks.every((each) => each === null)) return undefined;
  return { startM2: finerStartM2(STUDIO_GRID, factor), tracks };
}

export function sceneOptions(
  studio: Studio,
  document: StudioDocument,
  view: ViewSettings,
  preview: Previewed | null = null,
): ViewportOptions {
  const { slots, soloId } = document;
  // What is tried out is shown alone, in the place after all slots.
  const live = liveFuture(studio) ? slots.length : null;
  const solo = live ?? slots.findIndex((slot) => slot.id === soloId);
  return {
    ...DEFAULT_OPTIONS,
    ...stageView(view.mode).options,
    colourBy: view.colourBy,
    layers: view.layers,
    visibleSlots: [
      ...slots.flatMap((slot, i) => (slot.hidden ? [] : [i])),
      ...(live === null ? [] : [live]),
    ],
    solo: solo < 0 ? null : solo,
    stride: view.stride,
    selectedPoints: view.selectedPoints,
    keptPoints: editedPoints(studio, document, preview),
    lineScale: LINE_SCALE,
    // Nothing lies over the picture yet that would need the contrast.
    dim: document.origin || live !== null ? DEFAULT_OPTIONS.dim : 0,
  };
}

function liveFuture({ state, bulk }: Studio): Future | null {
  return (state.live && bulk.live.get(state.live.id)) ?? null;
}

/** Where a future that is tried out starts: at "now", which may have moved since the last forecast. */
function liveOrigin({ state }: Studio, { nowIndex }: StudioDocument) {
  const { exploration } = state;
  return exploration && { historyId: exploration.historyId, nowIndex, fps: selectFps(state) };
}

/** Points that edits ask something of: they are seen to follow, however few others are drawn. */
function editedPoints(
  studio: Studio,
  { origin, edits }: StudioDocument,
  preview: Previewed | null,
): number[] {
  const tracked = origin ? studio.bulk.histories.get(origin.historyId) : undefined;
  if (!tracked) return [];
  const scene = { startN2: tracked.queryXyN2, frameCount: 1 };
  const all = preview ? withEdit(edits, preview.edit) : edits;
  const asked = all.filter((edit) => edit.on).flatMap((edit) => editPaths(edit, scene));
  return asked.map(({ point }) => point);
}
