import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import { CancelledError, PackError } from "../../domain/errors.ts";
import { gridQueryXyN2 } from "../../domain/grid.ts";
import { layerOfSubject, pointsOnSubject } from "../../domain/subject.ts";
import { SUBJECT_SIDE } from "../../engine/picture/subject.ts";
import { InProcessThread } from "../channel/in-process.ts";
import { SubjectClient } from "./client.ts";
import { subjectHandlers } from "./server.ts";

const URL = "https://studio.test/packs/subject/u2netp.onnx";
const grey = { rgba: new Uint8ClampedArray(4 * 6 * 4).fill(128), size: { width: 6, height: 4 } };
afterEach(() => vi.unstubAllGlobals());

function clientOf(run: (input: Float32Array) => Promise<Float32Array>) {
  const handlers = subjectHandlers((_, input) => run(input));
  return new SubjectClient(URL, () => InProcessThread.serving(handlers, { oneAtATime: true }));
}

it("looks at the whole picture and spreads what it sees to 0 … 1", async () => {
  vi.stubGlobal("fetch", async () => new Response(new Uint8Array(8)));
  let seen: Float32Array | null = null;
  const client = clientOf(async (input) => {
    seen = input;
    return new Float32Array(SUBJECT_SIDE ** 2).map((_, i) => (i === 5 ? 0.9 : 0.4));
  });
  const mask = await client.find(grey);
  expect([mask.columns, mask.rows, mask.levels[5], mask.levels[6]]).toEqual([320, 320, 1, 0]);
  // The brightest of an even grey is itself: 1, by ImageNet's mean and deviation of red.
  expect(seen?.[0]).toBeCloseTo((1 - 0.485) / 0.229, 4);
});

it("finds no subject in what the network is nowhere sure of", async () => {
  vi.stubGlobal("fetch", async () => new Response(new Uint8Array(8)));
  const client = clientOf(async () => {
    return new Float32Array(SUBJECT_SIDE ** 2).map((_, i) => (i < 5000 ? 0.06 : 0));
  });
  const mask = await client.find(grey);
  const size = { width: 832, height: 480 };
  expect(pointsOnSubject(mask, gridQueryXyN2(), size)).toEqual([]);
  expect(layerOfSubject(mask, size)).toBeNull();
});

it("says what to do where the network cannot be fetched, and can be cancelled", async () => {
  vi.stubGlobal("fetch", async () => new Response("no", { status: 404 }));
  const client = clientOf(async () => new Float32Array(4));
  await expect(client.find(grey)).rejects.toBeInstanceOf(PackError);
  vi.stubGlobal("fetch", async () => new Response(new Uint8Array(8)));
  await expect(client.find(grey)).rejects.toThrow(/another network/);
  const signal = AbortSignal.abort();
  await expect(client.find(grey, { signal })).rejects.toBeInstanceOf(CancelledError);
});

it("ships the weights that its notice names", () => {
  const bytes = readFileSync("public/packs/subject/u2netp.onnx");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect(readFileSync("public/packs/subject/notices.json", "utf8")).toContain(sha256);
});
