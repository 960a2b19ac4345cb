import { expect, it } from "vitest";
import type { Relief } from "../domain/relief.ts";
import { createBulk, liveReferences, pruneBulk } from "./bulk.ts";
import { EMPTY_DOCUMENT } from "./document.ts";

const relief: Relief = {
  source: "parallax",
  columns: 1,
  rows: 1,
  inverseDepth: Float32Array.of(1),
};

it("what is known in space goes with its “now”, but for what undo can reach", () => {
  const bulk = createBulk();
  const ids = [
    "clip@80",
    "clip@80:first-cell-corner",
    "clip@80~import",
    "clip@8",
    "clip@100",
    "other@80",
  ];
  for (const id of ids) bulk.reliefs.set(id, relief);
  const document = { ...EMPTY_DOCUMENT, clipId: "clip", nowIndex: 80 };
  const live = { ...liveReferences([document]), histories: new Set(["clip@100"]) };
  pruneBulk(bulk, live, document);
  expect([...bulk.reliefs.keys()]).toEqual([
    "clip@80",
    "clip@80:first-cell-corner",
    "clip@80~import",
    "clip@100",
  ]);
});
