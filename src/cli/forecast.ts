import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ForetrackError, isCancelled } from "../domain/errors.ts";
import { writeDocument } from "../formats/document/document.ts";
import { writeForecastNpz } from "../formats/document/forecast-npz.ts";
import { forecastClip } from "./forecast-clip.ts";
import { FORECAST_USAGE, readForecastSettings } from "./forecast-settings.ts";
import { progressPrinter } from "./progress.ts";

async function main(): Promise<void> {
  const settings = readForecastSettings(process.argv.slice(2));
  if (!settings) {
    process.stdout.write(`${FORECAST_USAGE}\n`);
    return;
  }
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  const result = await forecastClip(settings, progressPrinter(), controller.signal);
  await mkdir(settings.out, { recursive: true });
  const files = {
    "forecast.json": writeDocument(result),
    "forecast.npz": writeForecastNpz(result.forecast),
    "meta.json": new TextEncoder().encode(`${JSON.stringify(result.meta, null, 2)}\n`),
  };
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(settings.out, name);
    // Renamed when complete: a run that is stopped leaves no half file.
    await writeFile(`${path}.part`, bytes);
    await rename(`${path}.part`, path);
    process.stdout.write(`${path} (${bytes.length} bytes)\n`);
  }
  const { meta, forecast } = result;
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
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);
