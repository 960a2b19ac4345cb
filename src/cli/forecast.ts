import { mkdir, rmdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { isCancelled } from "../domain/errors.ts";
import type { Forecaster } from "../domain/ports.ts";
import { writeDocument } from "../formats/document/document.ts";
import { writeForecastNpz } from "../formats/document/forecast-npz.ts";
import { explain } from "./explain.ts";
import { type ClipForecast, type ForecastTools, forecastClip } from "./forecast-clip.ts";
import {
  FORECAST_USAGE,
  type ForecastSettings,
  readForecastSettings,
} from "./forecast-settings.ts";
import { createNodeDecoder } from "./node-decode/decoder.ts";
import { openNodeForecaster } from "./node-model/forecaster.ts";
import { findPack, packFor } from "./node-model/pack.ts";
import { pointTracker } from "./point-tracker.ts";
import { progressPrinter } from "./progress.ts";
import { readAgainAt, readEditsAt, readTextAt } from "./read-inputs.ts";
import { writeWhole } from "./write-whole.ts";

async function main(): Promise<void> {
  const settings = readForecastSettings(process.argv.slice(2));
  if (!settings) {
    process.stdout.write(`${FORECAST_USAGE}\n`);
    return;
  }
  // Before the work: a place that cannot be written to is told at once.
  const made = await mkdir(settings.out, { recursive: true });
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  try {
    const tools = await openTools(settings, controller.signal);
    const models = openedModels(settings, tools);
    await forecastAll(settings, tools, models).finally(models.dispose);
  } catch (error) {
    // Where nothing came of it no empty folder stays behind.
    if (made) await rmdir(settings.out).catch(() => undefined);
    throw error;
  }
}

type Tools = Omit<ForecastTools, "forecaster">;

/** One tracker serves all clips. */
async function openTools(settings: ForecastSettings, signal: AbortSignal): Promise<Tools> {
  const { text, edits, pictureRate } = settings;
  const again = settings.again === undefined ? undefined : await readAgainAt(settings.again);
  return {
    decoder: createNodeDecoder({ pictureRate }),
    tracker: pointTracker,
    text: text === undefined ? undefined : await readTextAt(text),
    edits: edits === undefined ? again?.edits : await readEditsAt(edits),
    again,
    printer: progressPrinter(),
    signal,
  };
}

/** The models of a command, each opened once, for the first clip that goes to it. */
function openedModels({ pack, threads }: ForecastSettings, { printer, signal }: Tools) {
  const models = new Map<string, Forecaster>();
  return {
    async of(clip: string): Promise<Forecaster> {
      const id = pack ?? (await packFor(clip));
      const known = models.get(id);
      if (known) return known;
      try {
        const job = { signal, onProgress: printer.begin("Loading the model") };
        const model = await openNodeForecaster(await findPack(id), threads, job);
        models.set(id, model);
        return model;
      } finally {
        printer.finish();
      }
    },
    dispose: () => Promise.all([...models.values()].map((model) => model.dispose())),
  };
}

/** A clip that fails is told, and the next one follows; the command then ends with an error. */
async function forecastAll(
  settings: ForecastSettings,
  tools: Tools,
  models: ReturnType<typeof openedModels>,
): Promise<void> {
  const { clips, out } = settings;
  for (const [index, clip] of clips.entries()) {
    const isOne = clips.length === 1;
    if (!isOne) process.stdout.write(`[${index + 1}/${clips.length}] ${clip}\n`);
    const folder = isOne ? out : join(out, basename(clip, extname(clip)));
    try {
      const forecaster = await models.of(clip);
      await write(await forecastClip(clip, settings, { ...tools, forecaster }), folder);
    } catch (error) {
      if (isOne || isCancelled(error)) throw error;
      process.stderr.write(`${clip}: ${explain(error)}\n`);
      process.exitCode = 1;
    }
  }
}

async function write(result: ClipForecast, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { meta, forecast } = result;
  const files = {
    "forecast.json": writeDocument(result),
    "forecast.npz": writeForecastNpz(forecast),
    "meta.json": new TextEncoder().encode(`${JSON.stringify(meta, null, 2)}\n`),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(folder, name);
    await writeWhole(path, bytes);
    process.stdout.write(`${path} (${bytes.length} bytes)\n`);
  }
  process.stdout.write(
    `${forecast.futures.length} futures of ${forecast.history.frameCount} frames of past at ${meta.fps} fps, now ${meta.now_secs.toFixed(3)} s; ${meta.backend}\n`,
  );
}

main().then(
  // The runtime's threads would keep the process alive.
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);
