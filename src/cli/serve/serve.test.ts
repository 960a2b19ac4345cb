import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readNpz } from "../../formats/containers/npz.ts";
import { PROTOCOL, type Reply } from "./protocol.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PACK = join(ROOT, "src/workers/inference/testdata/tiny-pack");
const PHOTO_PACK = join(ROOT, "public/packs/photo");
const PHOTO = join(ROOT, "public/samples/walker.jpg");
const CLIP = join(ROOT, "public/samples/marbles.mp4");

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const program = (name: string) => ["--import", "tsx", join(ROOT, "src/cli", name)];

let folder: string;
let clips: Served;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "serve-"));
  clips = new Served(PACK);
});

afterAll(async () => {
  clips.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A process that serves requests with the pack in a folder. */
class Served {
  readonly replies: Reply[] = [];
  private readonly child: ChildProcess;
  private readonly waiting = new Set<() => void>();

  constructor(pack: string, ...flags: string[]) {
    this.child = spawn(process.execPath, [...program("serve.ts"), "--pack", pack, ...flags], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "inherit"],
    });
    if (!this.child.stdout) throw new Error("serve has no output");
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      this.replies.push(JSON.parse(line));
      for (const wake of this.waiting) wake();
    });
  }

  /** Every reply to the request, once it has ended. */
  async ask(request: {
    readonly id: number | string;
    readonly [field: string]: unknown;
  }): Promise<Reply[]> {
    this.child.stdin?.write(`${JSON.stringify(request)}\n`);
    const mine = () => this.replies.filter((reply) => "id" in reply && reply.id === request.id);
    await this.until(() => mine().some(({ event }) => event === "done" || event === "error"));
    return mine();
  }

  until(met: () => boolean): Promise<void> {
    return new Promise((done) => {
      const look = () => {
        if (!met()) return;
        this.waiting.delete(look);
        done();
      };
      this.waiting.add(look);
      look();
    });
  }

  stop(): void {
    this.child.kill();
  }
}

/** What `npm run forecast` writes of a clip, as an npz. */
async function forecastNpz(clip: string, pack: string, ...settings: string[]): Promise<Buffer> {
  const out = await mkdtemp(join(folder, "command-"));
  const command = [...program("forecast.ts"), clip, "--out", out, "--pack", pack, ...settings];
  await new Promise<void>((done, fail) => {
    execFile(process.execPath, command, { cwd: ROOT }, (error) => (error ? fail(error) : done()));
  });
  return readFile(join(out, "forecast.npz"));
}

const rowsOf = (told: readonly Reply[]) =>
  told.flatMap((reply) => (reply.event === "row" ? [reply.row] : []));

test("the first line says which protocol and which model this is", async () => {
  await clips.until(() => clips.replies.length > 0);
  expect(clips.replies[0]).toMatchObject({
    event: "ready",
    ready: {
      protocol: PROTOCOL,
      pack: "tiny",
      pack_identity: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  });
});

test("futures have the bytes that the command writes for the same clip and seed", async () => {
  const settings = ["--fps", "8", "--now", "1", "--futures", "2", "--seed", "5", "--steps", "3"];
  const forecast = await forecastNpz(CLIP, PACK, ...settings);
  const told = await clips.ask({
    ...{ id: "same", do: "make", clip: CLIP, folder: join(folder, "served") },
    ...{
      make: ["futures", "tracks", "trajloom", "relief", "export:csv"],
      now: [{ secs: 1 }],
      fps: 8,
    },
    ...{ futures: 2, seed: 5, steps: 3 },
  });
  const [row] = rowsOf(told);
  expect(row).toMatchObject({ now_frame: 8, now_secs: 1, seeds: [5, 6], cut_found: false });
  const file = (ending: string) => readFile(join(folder, "served", `now-8${ending}`));
  expect(Buffer.compare(await file(".forecast.npz"), forecast)).toBe(0);
  expect(row.files?.map(({ name }) => name)).toContain("now-8.csv.csv");

  const relief = readNpz(await file(".relief.npz"));
  const isKnown = relief.get("known")?.data[0] === 1;
  expect(relief.has("relief")).toBe(isKnown);
  expect(row.notes?.some((note) => note.startsWith("relief unknown: "))).toBe(!isKnown);

  const tracks = readNpz(await file(".tracks.npz"));
  expect(tracks.get("history_tracks_tn2")?.data).toEqual(
    readNpz(forecast).get("history_tracks_tn2")?.data,
  );
  expect(tracks.get("future_tracks_tn2")?.data).toEqual(
    readNpz(forecast).get("truth_tracks_tn2")?.data,
  );
  const trajloom = readNpz(await file(".trajloom.npz"));
  const followed = tracks.get("future_tracks_tn2")?.shape[0] ?? 0;
  expect(trajloom.get("tracks")?.shape).toEqual([390, 81 + followed, 2]);
});

test("two clips that are worked on together have the bytes that each has alone", async () => {
  const request = { do: "make", make: ["futures"], fps: 8, futures: 2, steps: 3 };
  const names = ["marbles", "walker"];
  const made = (served: Served, to: string) =>
    names.map((name) => {
      const clip = join(ROOT, `public/samples/${name}.mp4`);
      return served.ask({ ...request, id: `${to} ${name}`, clip, folder: join(folder, to, name) });
    });
  const two = new Served(PACK, "--at-once", "2");
  const together = await Promise.all(made(two, "together"));
  // The second was begun before the first had ended.
  const events = two.replies.flatMap((reply) => ("id" in reply ? [[reply.id, reply.event]] : []));
  const at = (name: string, event: string) =>
    events.findIndex(([id, told]) => id === `together ${name}` && told === event);
  expect(at("walker", "clip")).toBeLessThan(at("marbles", "done"));
  two.stop();
  await Promise.all(made(clips, "alone"));
  for (const [k, name] of names.entries()) {
    const [row] = rowsOf(together[k]);
    const [file] = row.files ?? [];
    const bytes = (to: string) => readFile(join(folder, to, name, file.name));
    expect((await bytes("together")).equals(await bytes("alone"))).toBe(true);
  }
});

test("a photo's camera is let go as the command lets it go, and refused where there is none", async () => {
  const photos = new Served(PHOTO_PACK);
  const request = { do: "make", clip: PHOTO, make: ["futures"], futures: 3, seed: 2 };
  const made = async (name: string, camera?: string) => {
    const to = join(folder, name);
    await photos.ask({ ...request, id: name, folder: to, ...(camera && { camera }) });
    return readFile(join(to, "now-0.forecast.npz"));
  };
  const settings = ["--threads", "1", "--futures", "3", "--seed", "2", "--camera"];
  const free = await made("free", "free");
  expect(free.equals(await forecastNpz(PHOTO, PHOTO_PACK, ...settings, "free"))).toBe(true);
  const held = await made("silent");
  expect(held.equals(await forecastNpz(PHOTO, PHOTO_PACK, ...settings, "held"))).toBe(true);
  expect(held.equals(free)).toBe(false);
  photos.stop();

  const clip = { do: "make", clip: CLIP, folder, make: ["futures"], fps: 8, camera: "free" };
  const [refused] = rowsOf(await clips.ask({ ...clip, id: "no camera" }));
  expect(refused.error?.message).toContain("has no camera that could be let go");
});

test("what fails is a reply with its class and its remedy, and the next request is served", async () => {
  const broken = join(folder, "broken.mp4");
  await writeFile(broken, "no clip at all");
  const request = { do: "make", folder, make: ["tracks"] };
  const told = await clips.ask({ ...request, id: 1, clip: broken });
  expect(told.at(-1)).toMatchObject({ error: { name: "MediaError", remedy: expect.any(String) } });
  const unknown = await clips.ask({ ...request, id: 2, clip: CLIP, make: ["export:no-such"] });
  expect(unknown.at(-1)).toMatchObject({ error: { name: "FormatError" } });
  const wrong = await clips.ask({ id: 3, do: "bake" });
  expect(wrong.at(-1)).toMatchObject({ error: { message: expect.stringContaining("do") } });
  const late = await clips.ask({
    ...{ ...request, id: 4, clip: CLIP, fps: 4 },
    now: [{ secs: 900 }, { frame: 2 }],
  });
  expect(rowsOf(late)).toMatchObject([{ error: { name: "MediaError" } }, { now_frame: 2 }]);
});

test("what one export cannot be made of keeps no other product back; alone it is the row's error", async () => {
  const request = { do: "make", clip: PHOTO, folder, futures: 1, export: { layer: "truth" } };
  const both = await clips.ask({ ...request, id: "both", make: ["export:csv", "tracks"] });
  const [row] = rowsOf(both);
  expect(row).toMatchObject({ files: [{ product: "tracks" }] });
  expect(row).toMatchObject({
    notes: [expect.stringMatching(/^export:csv was not made: ./)],
  });
  const alone = await clips.ask({ ...request, id: "alone", make: ["export:csv"] });
  expect(rowsOf(alone)).toMatchObject([{ error: { name: "FormatError" } }]);
  const edits = join(folder, "cut off.json");
  await writeFile(edits, '{"schema":"foretrack-edits"');
  const damaged = await clips.ask({ ...request, id: "edits", make: ["tracks"], edits });
  expect(damaged.at(-1)).toMatchObject({
    event: "error",
    error: { message: expect.stringMatching(/^cut off\.json: The file is not valid JSON/) },
  });
});

test("a request that is cancelled ends as cancelled, the next one is served", async () => {
  const first = clips.ask({
    ...{ id: "long", do: "make", clip: CLIP, folder, make: ["futures"] },
    ...{ futures: 64, steps: 1000 },
  });
  expect((await clips.ask({ id: "stop", do: "cancel", of: "long" })).at(-1)?.event).toBe("done");
  expect((await first).at(-1)).toMatchObject({ error: { name: "CancelledError" } });
  const next = await clips.ask({ id: "again", do: "describe" });
  expect(next.at(-1)).toMatchObject({ described: { protocol: PROTOCOL } });
});

test("of a clip with a cut each shot is a clip of its own", async () => {
  const joined = join(folder, "joined.mp4");
  const other = join(ROOT, "public/samples/walker.mp4");
  const graph =
    "[0:v]trim=0:2,scale=416:240,setsar=1,fps=16[a];[1:v]trim=0:2,scale=416:240,setsar=1,fps=16[b];[a][b]concat";
  const args = ["-v", "error", "-i", CLIP, "-i", other, "-filter_complex", graph, joined];
  await new Promise<void>((done, fail) => {
    execFile("ffmpeg", args, (error) => (error ? fail(error) : done()));
  });
  const request = { do: "make", clip: joined, folder, make: ["tracks"], fps: 16 };
  const rows = rowsOf(await clips.ask({ ...request, id: "shots", shots: true }));
  expect(rows).toMatchObject([
    { shot: 0, shot_start: 0, shot_end: 32, now_frame: 15, cut_found: false },
    { shot: 1, shot_start: 32, shot_end: 64, now_frame: 47, cut_found: false },
  ]);
  const [whole] = rowsOf(await clips.ask({ ...request, id: "whole" }));
  expect(whole).toMatchObject({ shot_start: 0, shot_end: 64, cut_found: true });
});
