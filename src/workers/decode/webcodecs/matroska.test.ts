import { expect, test } from "vitest";
import { blobBytes } from "../bytes.ts";
import { isCutMatroska } from "./matroska.ts";

const HEADER = [0x1a, 0x45, 0xdf, 0xa3, 0x82, 1, 2];
const SEGMENT = [0x18, 0x53, 0x80, 0x67];
const isCut = (bytes: readonly number[]) =>
  isCutMatroska(blobBytes(new Blob([Uint8Array.from(bytes)])));
const content = (length: number) => Array(length).fill(7) as number[];

test("a Matroska file is cut where its segment promises more than there is", async () => {
  const size = [0x01, 0, 0, 0, 0, 0, 0, 20];
  expect(await isCut([...HEADER, ...SEGMENT, ...size, ...content(20)])).toBe(false);
  expect(await isCut([...HEADER, ...SEGMENT, ...size, ...content(19)])).toBe(true);
  expect(await isCut([...HEADER, ...SEGMENT, 0x40, 21, ...content(20)])).toBe(true);
});

test("a live recording, which knows no length, and other files are not", async () => {
  const unknown = [0x01, ...Array(7).fill(0xff)];
  expect(await isCut([...HEADER, ...SEGMENT, ...unknown, ...content(9)])).toBe(false);
  expect(await isCut([...HEADER, ...SEGMENT, 0xff, ...content(9)])).toBe(false);
  expect(await isCut(content(40))).toBe(false);
  expect(await isCut(HEADER)).toBe(false);
  expect(await isCut([])).toBe(false);
});
