import { editsKey } from "../../domain/edits.ts";
import type { Forecast } from "../../domain/forecast.ts";
import { readDocument } from "../../formats/document/document.ts";
import type { ForecastDocument } from "../../formats/document/types.ts";
import type { ImportedRef, Slot } from "../document.ts";
import type { Notice } from "../slices/runSlice.ts";
import { chosenLatent } from "../slots.ts";
import { type Studio, selectClip } from "../studio.ts";
import { endRun } from "./end-run.ts";
import { showError } from "./notices.ts";

/** Brings back a forecast from an exported JSON; over the open clip where that is the same one. */
export async function restoreForecast(studio: Studio, file: File): Promise<void> {
  try {
    const { document, repairs } = readDocument(new Uint8Array(await file.arrayBuffer()));
    adoptForecast(studio, document, file.name, repairs);
  } catch (error) {
    showError(studio, error);
  }
}

function adoptForecast(
  studio: Studio,
  { forecast, clip }: ForecastDocument,
  fileName: string,
  repairs: readonly string[],
): void {
  const { history, futures, truth, queryXyN2, fps, nowSecs, packId, sampler } = forecast;
  const { packIdentity } = forecast;
  const historyId = studio.freshId("file");
  const open = selectClip(studio.state);
  const nowInClip = Math.round(nowSecs * fps);
  const matches =
    open !== null &&
    open.info.name === clip.name &&
    Math.abs(open.info.fps - fps) < 1e-3 &&
    nowInClip < open.info.frameCount;
  const nowIndex = matches ? nowInClip : history.frameCount - 1;
  endRun(studio);
  studio.bulk.histories.set(historyId, { queryXyN2, history });
  const imported = importOf(studio, forecast);
  if (truth) studio.bulk.truths.set(historyId, truth);
  const slots = futures.map((future, i): Slot => {
    const futureId = `${historyId}|${i}|${future.seed}`;
    studio.bulk.futures.set(futureId, future);
    const obeys = editsKey(forecast.edits ?? []);
    const fresh = { locked: false, hidden: false, futureId, editsKey: obeys };
    const latent = chosenLatent(future);
    return { id: i + 1, seed: future.seed, ...fresh, ...(latent ? { latent } : {}) };
  });
  studio.state.edit((document) => ({
    ...document,
    clipId: matches ? document.clipId : null,
    nowIndex,
    futureCount: Math.max(1, slots.length),
    imported,
    origin: {
      ...{ historyId, nowIndex, nowSecs, fps, packId, sampler, clip },
      ...(packIdentity ? { packIdentity } : {}),
      ...(imported ? { imported } : {}),
    },
    slots,
    soloId: null,
    edits: forecast.edits ?? [],
  }));
  studio.state.setTransport({ playing: false, loopStart: null, loopEnd: null });
  studio.state.setRun({
    phase: "idle",
    notice: noticeOf(fileName, clip.name, matches, repairs),
    status: `${fileName} is restored, ${slots.length} ${slots.length === 1 ? "future" : "futures"}`,
    truthRevision: studio.state.truthRevision + 1,
  });
  studio.playhead.set(nowIndex);
}

/** The part of imported tracks that the forecast has kept: its past, on the grid. */
function importOf(
  studio: Studio,
  { importedFrom, history, fps, nowSecs }: Forecast,
): ImportedRef | null {
  if (importedFrom === undefined) return null;
  const id = studio.freshId("import");
  studio.bulk.imports.set(id, history);
  return { id, fileName: importedFrom, fps, firstSecs: nowSecs - (history.frameCount - 1) / fps };
}

function noticeOf(
  fileName: string,
  clipName: string,
  matches: boolean,
  repairs: readonly string[],
): Notice | null {
  if (matches && repairs.length === 0) return null;
  const pictures = `Open ${clipName} first, then drop the file again, to see it over the clip.`;
  return {
    kind: "info",
    message: matches ? `${fileName} was mended` : `${fileName} is restored without its pictures`,
    remedy: [...repairs, ...(matches ? [] : [pictures])].join(" "),
  };
}
