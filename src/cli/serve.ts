import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { ForetrackError } from "../domain/errors.ts";
import { packIdentity } from "../domain/pack/identity.ts";
import type { Forecaster } from "../domain/ports.ts";
import { loadPictureKernel, loadTrackingKernel } from "../engine/kernels/build.ts";
import { EXPORT_FORMATS } from "../formats/export/registry.ts";
import { readStudioManifest } from "../workers/pack/load.ts";
import { explain } from "./explain.ts";
import { createNodeDecoder } from "./node-decode/decoder.ts";
import { openNodeForecaster } from "./node-model/forecaster.ts";
import { findPack } from "./node-model/pack.ts";
import { NODE_PROVIDERS, type NodeProvider } from "./node-model/provider.ts";
import { pointTracker } from "./point-tracker.ts";
import { readFlags } from "./read-flags.ts";
import { readTextAt } from "./read-inputs.ts";
import type { Engine } from "./serve/make.ts";
import { PROTOCOL, type Reply } from "./serve/protocol.ts";
import { Session } from "./serve/session.ts";

const USAGE = `npm run --silent serve -- [--pack ID|PATH] [--threads N] [--text FILE.npy] [--at-once N]
Reads requests from standard input and writes replies to standard output, one JSON object a line
(src/cli/SERVE.md); ends with its input. One model and one tracker serve all requests.

  --pack ID|PATH     a pack of public/packs, or a pack's folder or zip (default compact)
  --threads N        of the model (default 1: several processes share a machine better)
  --text FILE.npy    TrajLoom packs: a pooled text embedding
  --at-once N        requests that are worked on together (default 1): 2 leave no wait for decoding
  --provider NAME    what runs the model's graphs: wasm (default: the bytes of page and command), or cpu
                     or cuda of onnxruntime-node, which is installed apart`;

interface Settings {
  readonly pack: string;
  readonly threads: number;
  readonly text: string | undefined;
  readonly provider: NodeProvider;
  readonly atOnce: number;
}

function readSettings(): Settings {
  const { values } = readFlags(USAGE, {
    options: {
      pack: { type: "string", default: "compact" },
      threads: { type: "string", default: "1" },
      text: { type: "string" },
      provider: { type: "string", default: "wasm" },
      "at-once": { type: "string", default: "1" },
    },
  });
  const threads = countOf("--threads", values.threads, 64);
  const atOnce = countOf("--at-once", values["at-once"], 8);
  const provider = NODE_PROVIDERS.find((name) => name === values.provider);
  if (!provider) {
    throw new ForetrackError(
      `--provider ${values.provider} is not one of ${NODE_PROVIDERS.join(", ")}.`,
      USAGE,
    );
  }
  return { pack: values.pack, threads, text: values.text, provider, atOnce };
}

/** @throws ForetrackError where it is no whole number from 1 to `most`. */
function countOf(flag: string, text: string, most: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new ForetrackError(`${flag} ${text} is not a whole number from 1 to ${most}.`, USAGE);
}

async function openEngine(settings: Settings): Promise<Engine> {
  const source = await findPack(settings.pack);
  const manifest = await readStudioManifest(source);
  const text = settings.text === undefined ? undefined : await readTextAt(settings.text);
  let opened: Promise<Forecaster> | null = null;
  return {
    ...{ manifest, decoder: createNodeDecoder(), tracker: pointTracker, text },
    async forecaster(job) {
      opened ??= openNodeForecaster(source, settings.threads, job, settings.provider);
      try {
        return await opened;
      } catch (error) {
        // A load that was cancelled is begun anew by the next request.
        opened = null;
        throw error;
      }
    },
  };
}

function tell(reply: Reply): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

async function main(): Promise<void> {
  const settings = readSettings();
  // Standard output belongs to the protocol: what a library prints goes beside it.
  console.log = console.error;
  // Of a new version the first process on a machine compiles them, before it says that it is ready.
  await Promise.all([loadTrackingKernel(), loadPictureKernel()]);
  const engine = await openEngine(settings);
  const { manifest } = engine;
  const packageFile = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const description = {
    protocol: PROTOCOL,
    foretrack: String(JSON.parse(packageFile).version),
    ...{ pack: manifest.id, pack_identity: packIdentity(manifest) },
    provider: `${settings.provider}, ${settings.threads} ${settings.threads === 1 ? "thread" : "threads"}`,
    exports: EXPORT_FORMATS.map(({ name }) => name),
  } as const;
  const session = new Session(engine, description, tell, settings.atOnce);
  // Whoever asked is gone: nobody would read what is still being made.
  process.stdout.on("error", () => process.exit(1));
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => session.hear(line));
  const ended = new Promise<void>((done) => lines.once("close", done));
  process.once("SIGTERM", () => void session.stop().then(() => process.exit(0)));
  process.once("SIGINT", () => void session.stop().then(() => process.exit(0)));
  tell({ event: "ready", ready: description });
  await ended;
  await session.settled();
}

main().then(
  // The runtime's threads would keep the process alive.
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  },
);
