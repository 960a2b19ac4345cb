import { describe, expect, test } from "vitest";
import { FormatError } from "../../domain/errors.ts";
import { WORKING_SIZE } from "../../domain/studio-defaults.ts";
import { createTracks } from "../../domain/tracks.ts";
import { fieldFromFile } from "../../engine/space/from-file.ts";
import { writeNpy } from "../containers/npy.ts";
import { writeNpz } from "../containers/npz.ts";
import { readZip, writeZip } from "../containers/zip.ts";
import { mutate } from "../damage.ts";
import { readDocument, writeDocument } from "../document/document.ts";
import { writeForecastNpz } from "../document/forecast-npz.ts";
import type { ForecastDocument } from "../document/types.ts";
import { exportForecast } from "../export/common/run.ts";
import { mapToGrid } from "./common/map-to-grid.ts";
import { importTracks, inspectTracks } from "./common/read.ts";
import { makeFieldNpz } from "./trace-anything-testing.ts";

/**
 * Seeded damage to a valid file of each import format: every outcome must be a valid result or a typed
 * error with a remedy, in bounded time. `FUZZ_RUNS=100000 npx vitest run src/formats/import/import-fuzz` makes
 * more of it.
 */
const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000);
const SLOWEST_MILLIS = 2000;

/** Of this process: other work on the machine does not count as a hang. */
function processorMillis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function smallDocument(): ForecastDocument {
  const queryXyN2 = Float32Array.of(16, 16, 48, 16, 80, 16);
  const still = (frames: number) => {
    const tracks = createTracks(frames, 3);
    for (let t = 0; t < frames; t++) {
      tracks.tracksTN2.set(
        queryXyN2.map((v, i) => v + (i % 2 ? 1 : 2) * (t + 1 - frames)),
        6 * t,
      );
    }
    tracks.visibilityTN.fill(1, 1);
    return tracks;
  };
  return {
    clip: { name: "a.mp4", displaySize: { width: 64, height: 48 }, fit: "cover" },
    forecast: {
      queryXyN2,
      history: still(4),
      futures: [{ seed: 1, tracks: still(5) }],
      fps: 24,
      nowSecs: 1,
      packId: "p",
      sampler: { solver: "euler", steps: 4 },
    },
  };
}

const document = smallDocument();
const xy = document.forecast.history.tracksTN2;
const flags = document.forecast.history.visibilityTN;
const npz = (level: 0 | 6) =>
  writeNpz(
    [
      { name: "tracks", shape: [1, 4, 3, 2], dtype: "float32", values: xy },
      { name: "visibility", shape: [1, 4, 3], dtype: "bool", values: flags },
      { name: "queries", shape: [3, 3], dtype: "int64", values: [0, 10, 13, 0, 42, 13, 0, 74, 13] },
    ],
    level,
  );

const unit = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const lens = [700, 0, 415.5, 0, 700, 239.5, 0, 0, 1];
/** Seen at two of the query points, 2 and 3 away. */
const places = [-1.141, -0.639, 2, -1.575, -0.958, 3];

const SAMPLES: Record<string, Uint8Array> = {
  "3-D tracks": writeNpz(
    [
      {
        name: "coords",
        shape: [2, 2, 3],
        dtype: "float32",
        values: [...places, ...places],
      },
      { name: "extrinsics", shape: [2, 4, 4], dtype: "float32", values: [...unit, ...unit] },
      { name: "intrinsics", shape: [2, 3, 3], dtype: "float32", values: [...lens, ...lens] },
      { name: "visibs", shape: [2, 2], dtype: "bool", values: [1, 1, 1, 1] },
    ],
    0,
  ),
  "field of Trace Anything": makeFieldNpz({
    frames: 2,
    rows: 6,
    columns: 8,
    focalPx: 40,
    stride: 8,
  }),
  "npz, stored": npz(0),
  "npz, deflated": npz(6),
  "own npz": writeForecastNpz(document.forecast),
  npy: writeNpy([4, 3, 2], "float64", xy),
  "npy, dense": writeNpy([1, 3, 2, 2, 2], "float32", xy),
  "ComfyUI JSON": exportForecast(document, "comfyui-wanmove", { frames: 6 }).bytes,
  "nested JSON": new TextEncoder().encode(
    JSON.stringify({
      tracks: [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
      occluded: [
        [0, 1],
        [1, 0],
      ],
    }),
  ),
  CSV: exportForecast(document, "csv").bytes,
  "own document": writeDocument(document),
};

/** Damage behind the checksum: one array of the archive changes before the archive is made. */
const INNER = [
  { name: "tracks.npy", bytes: writeNpy([1, 4, 3, 2], "float32", xy) },
  { name: "visibility.npy", bytes: writeNpy([1, 4, 3], "bool", flags) },
];

function resealed(seed: number): Uint8Array {
  const files = INNER.map(({ name, bytes }, i) => ({
    name,
    bytes: seed % 3 === i ? bytes : mutate(bytes, seed),
  }));
  return writeZip(files, 0);
}

/** The same of any archive: one of its arrays changes, the others stay. */
function resealedCopy(sample: Uint8Array): (seed: number) => Uint8Array {
  const files = [...readZip(sample)];
  return (seed) =>
    writeZip(
      files.map(([name, bytes], i) => ({
        name,
        bytes: seed % files.length === i ? mutate(bytes, seed) : bytes,
      })),
      0,
    );
}

/** Opens, confirms the proposal and maps; returns whether the file was taken. */
function attempt(bytes: Uint8Array): boolean {
  try {
    const { proposal } = inspectTracks(bytes, "file");
    const { tracks, space } = importTracks(bytes, "file", proposal);
    if (!tracks.tracksTN2.every(Number.isFinite)) throw new Error("a position is not finite");
    if (!tracks.visibilityTN.every((v) => v === 0 || v === 1))
      throw new Error("a flag is not 0 or 1");
    if (tracks.tracksTN2.length !== tracks.frameCount * tracks.pointCount * 2) {
      throw new Error("shape and data disagree");
    }
    mapToGrid(tracks, document.forecast.queryXyN2);
    if (!space) return true;
    const { field, curves } = fieldFromFile({
      ...{ space, tracks, queryXyQ2: document.forecast.queryXyN2, size: WORKING_SIZE },
      ...{ fileFrameT: Float64Array.of(0, tracks.frameCount - 1), columns: 4, rows: 3 },
    });
    const numbers = [field.inverseDepthN, field.sigmaLogN, curves?.controlNK3 ?? []];
    if (numbers.some((values) => [...values].some((value) => !Number.isFinite(value)))) {
      throw new Error("a field holds what is not a number");
    }
    return true;
  } catch (error) {
    if (error instanceof FormatError && error.message !== "" && error.remedy !== "") return false;
    throw error;
  }
}

const DAMAGED: Record<string, (seed: number) => Uint8Array> = {
  ...Object.fromEntries(
    Object.entries(SAMPLES).map(([name, bytes]) => [name, (seed: number) => mutate(bytes, seed)]),
  ),
  "npz, damaged inside": resealed,
  "3-D tracks, damaged inside": resealedCopy(SAMPLES["3-D tracks"]),
  "field, damaged inside": resealedCopy(SAMPLES["field of Trace Anything"]),
};

describe.each(Object.keys(DAMAGED))("%s", (name) => {
  const sample = SAMPLES[name] ?? writeZip(INNER);

  test("the file itself is taken", () => {
    expect(attempt(sample)).toBe(true);
  });

  test(`${RUNS} damaged copies give a valid result or a typed error`, () => {
    let slowest = 0;
    for (let seed = 0; seed < RUNS; seed++) {
      const started = processorMillis();
      try {
        attempt(DAMAGED[name](seed));
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
      slowest = Math.max(slowest, processorMillis() - started);
    }
    expect(slowest).toBeLessThan(SLOWEST_MILLIS);
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  }, 600_000);
});

test("damaged own documents open or fail with a remedy", () => {
  for (let seed = 0; seed < RUNS; seed++) {
    try {
      const { document: read } = readDocument(mutate(SAMPLES["own document"], seed));
      writeDocument(read);
    } catch (error) {
      if (!(error instanceof FormatError)) throw new Error(`seed ${seed}`, { cause: error });
      expect(error.remedy).not.toBe("");
    }
  }
}, 600_000);
