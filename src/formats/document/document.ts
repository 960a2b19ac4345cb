import { FormatError } from "../../domain/errors.ts";
import type { Forecast, Future } from "../../domain/forecast.ts";
import { WORKING_HEIGHT, WORKING_WIDTH } from "../../domain/grid.ts";
import type { Tracks } from "../../domain/tracks.ts";
import { parseJson } from "../containers/safe-json.ts";
import { type ReadEdits, readEditList } from "./edit-list.ts";
import { DOCUMENT_SCHEMA, DOCUMENT_VERSION, type DocumentJson, documentSchema } from "./schema.ts";
import type { ForecastDocument } from "./types.ts";

/** Positions are written in thousandths of a pixel: a round trip moves none by more than this. */
export const DOCUMENT_PRECISION_PX = 0.0005;

/**
 * UTF-8 bytes of `forecast.json` (fields: schema.ts). Equal documents give equal bytes.
 * @throws FormatError where a position is not finite.
 */
export function writeDocument({ forecast, clip }: ForecastDocument): Uint8Array {
  const head = {
    schema: DOCUMENT_SCHEMA,
    version: forecast.edits?.length ? DOCUMENT_VERSION : 1,
    clip: {
      name: clip.name,
      width: clip.displaySize.width,
      height: clip.displaySize.height,
      fit: clip.fit,
    },
    frame: { width: WORKING_WIDTH, height: WORKING_HEIGHT },
    fps: forecast.fps,
    nowSecs: forecast.nowSecs,
    packId: forecast.packId,
    ...(forecast.packIdentity === undefined ? {} : { packIdentity: forecast.packIdentity }),
    ...(forecast.sampler
      ? { sampler: { solver: forecast.sampler.solver, steps: forecast.sampler.steps } }
      : {}),
    ...(forecast.importedFrom === undefined ? {} : { importedFrom: forecast.importedFrom }),
    ...(forecast.edits?.length ? { edits: forecast.edits } : {}),
  };
  const pointCount = forecast.history.pointCount;
  const futures = forecast.futures.map((future) => {
    const camera = future.cameraPathT6
      ? `,"cameraPathT6":${rows(future.cameraPathT6, 6, 1e6, "camera path")}`
      : "";
    const latent = future.latent ? `,"latent":${JSON.stringify(future.latent)}` : "";
    return `{"seed":${future.seed},${tracksText(future.tracks, `future ${future.seed}`)}${camera}${latent}}`;
  });
  const truth = forecast.truth ? `,\n"truth":{${tracksText(forecast.truth, "truth")}}` : "";
  const text = [
    JSON.stringify(head).slice(0, -1),
    `"queryXyN2":${rows(forecast.queryXyN2.subarray(0, 2 * pointCount), 2, 1e3, "query points")}`,
    `"history":{${tracksText(forecast.history, "history")}}`,
    `"futures":[${futures.join(",\n")}]${truth}}\n`,
  ].join(",\n");
  return new TextEncoder().encode(text);
}

function tracksText(tracks: Tracks, what: string): string {
  const { frameCount: T, pointCount: N, tracksTN2, visibilityTN } = tracks;
  const frames: string[] = [];
  const seen: string[] = [];
  for (let t = 0; t < T; t++) {
    frames.push(rows(tracksTN2.subarray(2 * t * N, 2 * (t + 1) * N), 2, 1e3, what));
    seen.push(`[${Array.from(visibilityTN.subarray(t * N, (t + 1) * N), (v) => (v ? 1 : 0))}]`);
  }
  return `"tracksTN2":[${frames}],"visibilityTN":[${seen}]`;
}

function rows(values: Float32Array, width: number, scale: number, what: string): string {
  const out: string[] = [];
  for (let i = 0; i < values.length; i += width) {
    const row: number[] = [];
    for (let k = 0; k < width; k++) {
      if (!Number.isFinite(values[i + k])) {
        throw new FormatError(
          `The ${what} holds a position that is not a number`,
          "Make the forecast again: this one cannot be saved.",
        );
      }
      row.push(rounded(values[i + k], scale));
    }
    out.push(`[${row}]`);
  }
  return `[${out}]`;
}

/** Adding 0 turns −0 into 0, which JSON cannot tell apart. */
function rounded(value: number, scale: number): number {
  return Math.round(value * scale) / scale + 0;
}

/**
 * The forecast as it would come back from its document: exports made before and after saving it give
 * the same bytes.
 */
export function asSaved(forecast: Forecast): Forecast {
  const xy = (values: Float32Array) => values.map((v) => rounded(v, 1e3));
  const saved = (tracks: Tracks): Tracks => ({ ...tracks, tracksTN2: xy(tracks.tracksTN2) });
  return {
    ...forecast,
    queryXyN2: xy(forecast.queryXyN2),
    history: saved(forecast.history),
    futures: forecast.futures.map((future) => ({
      ...future,
      tracks: saved(future.tracks),
      ...(future.cameraPathT6
        ? { cameraPathT6: future.cameraPathT6.map((v) => rounded(v, 1e6)) }
        : {}),
    })),
    ...(forecast.truth ? { truth: saved(forecast.truth) } : {}),
  };
}

export interface ReadDocument {
  readonly document: ForecastDocument;
  /** What was mended on the way in, in plain sentences. */
  readonly repairs: readonly string[];
}

/** @throws FormatError naming the place of the first thing that is wrong. */
export function readDocument(bytes: Uint8Array): ReadDocument {
  return documentFromJson(parseJson(bytes));
}

export function isDocumentJson(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as Record<string, unknown>).schema === DOCUMENT_SCHEMA
  );
}

export function documentFromJson(value: unknown): ReadDocument {
  if (!isDocumentJson(value)) {
    throw new FormatError(
      "The file is not a Foretrack forecast",
      'Its "schema" should be "foretrack-forecast". Tracks of other tools open through the import.',
    );
  }
  const version = (value as Record<string, unknown>).version;
  if (typeof version === "number" && version > DOCUMENT_VERSION) {
    throw new FormatError(
      `The forecast was saved by a newer Foretrack (version ${version})`,
      "Open it with that version.",
    );
  }
  const { edits, notes } = editsOf(value);
  const parsed = documentSchema.safeParse(edits ? { ...(value as object), edits } : value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new FormatError(
      `The forecast is damaged at ${issue.path.map(String).join(".") || "its root"}: ${issue.message}`,
      "Save the forecast again.",
    );
  }
  const { document, repairs } = fromJson(parsed.data);
  return { document, repairs: [...repairs, ...notes] };
}

/** The edits that can be read; null where the document has no list of them. */
function editsOf(value: unknown): { edits: ReadEdits["edits"] | null; notes: readonly string[] } {
  const { edits } = value as Record<string, unknown>;
  return Array.isArray(edits) ? readEditList(edits) : { edits: null, notes: [] };
}

function fromJson(json: DocumentJson): ReadDocument {
  const repairs: string[] = [];
  const pointCount = json.queryXyN2.length;
  const queryXyN2 = Float32Array.from(json.queryXyN2.flat());
  const history = toTracks(json.history, pointCount, "history");
  const now = (history.frameCount - 1) * pointCount;
  if (queryXyN2.some((v, i) => v !== history.tracksTN2[2 * now + i])) {
    history.tracksTN2.set(queryXyN2, 2 * now);
    repairs.push("The last frame of the past was put back onto the query points.");
  }
  const futures = json.futures.map((future, k): Future => {
    const tracks = toTracks(future, pointCount, `futures.${k}`);
    const { seed, cameraPathT6: path, latent } = future;
    const made = { seed, tracks, ...(latent ? { latent: latentOf(latent) } : {}) };
    if (path && path.length !== tracks.frameCount) {
      repairs.push(`The camera path of future ${k + 1} did not fit its frames and was left out.`);
    }
    return path?.length === tracks.frameCount
      ? { ...made, cameraPathT6: Float32Array.from(path.flat()) }
      : made;
  });
  const forecast: Forecast = {
    queryXyN2,
    history,
    futures: withSeedsOfTheirOwn(futures, repairs),
    fps: json.fps,
    nowSecs: json.nowSecs,
    packId: json.packId,
    ...(json.packIdentity === undefined ? {} : { packIdentity: json.packIdentity }),
    sampler: json.sampler ?? null,
    ...(json.importedFrom === undefined ? {} : { importedFrom: json.importedFrom }),
    ...(json.edits ? { edits: json.edits } : {}),
    ...(json.truth ? { truth: toTracks(json.truth, pointCount, "truth") } : {}),
  };
  const { name, width, height, fit } = json.clip;
  return { document: { forecast, clip: { name, displaySize: { width, height }, fit } }, repairs };
}

/** A seed names a future, so two of other latents cannot share one: the later gets a free one. */
function withSeedsOfTheirOwn(futures: readonly Future[], repairs: string[]): Future[] {
  const latents = new Map<number, string>();
  let free = Math.max(0, ...futures.map(({ seed }) => seed));
  return futures.map((future, k) => {
    const own = JSON.stringify(future.latent?.z);
    const taken = latents.has(future.seed) && latents.get(future.seed) !== own;
    const seed = taken ? ++free : future.seed;
    latents.set(seed, own);
    if (taken) {
      repairs.push(
        `Future ${k + 1} had the seed ${future.seed} of another one: it is ${seed} now.`,
      );
    }
    return taken ? { ...future, seed } : future;
  });
}

function latentOf({ z, picture, parents }: NonNullable<DocumentJson["futures"][0]["latent"]>) {
  return { z, picture, ...(parents ? { parents } : {}) };
}

function toTracks(json: DocumentJson["history"], pointCount: number, where: string): Tracks {
  const frameCount = json.tracksTN2.length;
  const ragged =
    json.visibilityTN.length !== frameCount ||
    json.tracksTN2.some((frame) => frame.length !== pointCount) ||
    json.visibilityTN.some((frame) => frame.length !== pointCount);
  if (ragged) {
    throw new FormatError(
      `The forecast is damaged at ${where}: frames must all hold ${pointCount} points`,
      "Save the forecast again.",
    );
  }
  const tracksTN2 = new Float32Array(frameCount * pointCount * 2);
  const visibilityTN = new Uint8Array(frameCount * pointCount);
  json.tracksTN2.forEach((frame, t) => {
    frame.forEach(([x, y], n) => {
      tracksTN2[2 * (t * pointCount + n)] = x;
      tracksTN2[2 * (t * pointCount + n) + 1] = y;
    });
    visibilityTN.set(json.visibilityTN[t], t * pointCount);
  });
  return { frameCount, pointCount, tracksTN2, visibilityTN };
}
