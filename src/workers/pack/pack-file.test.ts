import { expect, test } from "vitest";
import { HeldFile } from "./pack-file.ts";
import { sha256Hex } from "./sha256.ts";

test("a file that is held reads as a Blob of its bytes does, in pieces too", async () => {
  const bytes = Uint8Array.from({ length: 600_000 }, (_, i) => (i * 31) & 127);
  const held = new HeldFile(bytes);
  const blob = new Blob([bytes]);
  expect(held.size).toBe(blob.size);
  expect(await held.text()).toBe(await blob.text());
  for (const subtle of [undefined, null]) {
    expect(await sha256Hex(held, subtle)).toBe(await sha256Hex(blob, subtle));
  }
  const kept = await new Response(held.stream()).arrayBuffer();
  expect(new Uint8Array(kept)).toEqual(bytes);
});

test("what was kept of a stream is whole when the held bytes are given back", async () => {
  const bytes = new Uint8Array(1000).fill(7);
  const held = new HeldFile(bytes);
  const kept = await new Response(held.stream()).blob();
  held.free();
  expect(new Uint8Array(await kept.arrayBuffer())).toEqual(new Uint8Array(1000).fill(7));
  // Node 20 cannot give memory back.
  if ("transfer" in ArrayBuffer.prototype) expect(bytes.length).toBe(0);
});
