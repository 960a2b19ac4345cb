import { mkdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { ForetrackError, isCancelled } from "../domain/errors.ts";
import { writeDocument } from "../formats/document/document.ts";
import { writeForecastNpz } from "../formats/document/forecast-npz.ts";
import { type ClipForecast, type ForecastTools, forecastClip } from "./forecast-clip.ts";
import {
  FORECAST_USAGE,
  type ForecastSettings,
  readForecastSettings,
} from "./forecast-settings.ts";
import { createNodeDecoder } from "./node-decode/decoder.ts";
import { openNodeForecaster } from "./node-model/forecaster.ts";
import { findPack } from "./node-model/pack.ts";
import { pointTracker } from "./point-tracker.ts";
import { progressPrinter } from "./progress.ts";
import { readEditsAt, readTextAt } from "./read-inputs.ts";
import { writeWhole } from "./write-whole.ts";

async function main(): Promise<void> {
  const settings = readForecastSettings(process.argv.slice(2));
  if (!settings) {
    process.stdout.write(`${FORECAST_USAGE}\n`);
    return;
  }
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  const tools = await openTools(settings, controller.signal);
  try {
    await forecastAll(settings, tools);
  } finally {
    await tools.forecaster.dispose();
  }
}

/** One model and one tracker serve all clips. */
async function openTools(settings: ForecastSettings, signal: AbortSignal): Promise<ForecastTools> {
  const printer = progressPrinter();
  const text = settings.text === undefined ? undefined : await readTextAt(settings.text);
  const edits = settings.edits === undefined ? undefined : await readEditsAt(settings.edits);
  const source = await findPack(settings.pack);
  try {
    const job = { signal, onProgress: printer.begin("Loading the model") };
    const forecaster = await openNodeForecaster(source, settings.threads, job);
    return {
      decoder: createNodeDecoder(),
      forecaster,
      tracker: pointTracker,
      text,
      edits,
      printer,
      signal,
    };
  } finally {
    printer.finish();
  }
}

/** A clip that fails is told, and the next one follows; the command then ends with an error. */
async function forecastAll(settings: ForecastSettings, tools: ForecastTools): Promise<void> {
  const { clips, out } = settings;
  for (const [index, clip] of clips.entries()) {
    const isOne = clips.length === 1;
    if (!isOne) process.stdout.write(`[${index + 1}/${clips.length}] ${clip}\n`);
    const folder = isOne ? out : join(out, basename(clip, extname(clip)));
    try {
      await write(await forecastClip(clip, settings, tools), folder);
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

function explain(error: unknown): string {
  if (isCancelled(error)) return "Cancelled.";
  if (error instanceof ForetrackError) return `${error.message}\n${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}

main().then(
  // The runtime's threads would keep the process alive.
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);
