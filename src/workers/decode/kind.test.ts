import { describe, expect, test } from "vitest";
import { blobBytes } from "./bytes.ts";
import { fileKind, isHopeless, refusal } from "./kind.ts";

const kindOf = (bytes: string) =>
  fileKind(blobBytes(new Blob([Uint8Array.from(bytes, (letter) => letter.charCodeAt(0))])));

/** A box of ISO/IEC 14496-12. */
function box(type: string, content: string): string {
  const size = 8 + content.length;
  return `\0\0${String.fromCharCode(size >> 8, size & 255)}${type}${content}`;
}
const ftyp = (major: string, ...compatible: string[]) =>
  box("ftyp", `${major}\0\0\0\0${compatible.join("")}`);

const movie = box("moov", "x") + box("mdat", "y");

describe("a file is what its bytes say", () => {
  test.each([
    ["\x89PNG\r\n\x1a\n", "image/png"],
    ["\xff\xd8\xff\xe0", "image/jpeg"],
    ["\xff\xd8\xff\xe0 thumbnail \xff\xd9 \xff\xd9\xff\xd8 gain map \xff\xd9", "image/jpeg"],
    ["\xff\xd8\xff\xe0 a picture \xff\xd9".repeat(4), null],
    ["GIF89a", "image/gif"],
    ["RIFF\0\0\0\0WEBPVP8 ", "image/webp"],
    [ftyp("avif", "mif1", "miaf"), "image/avif"],
    [ftyp("mif1", "avif", "miaf"), "image/avif"],
    [ftyp("miaf", "mif1", "avif"), "image/avif"],
    [ftyp("msf1", "avis"), "image/avif"],
    [ftyp("heic", "mif1"), "image/heic"],
    [ftyp("mif1", "heic"), "image/heic"],
    [ftyp("isom", "iso2", "avc1", "mp41") + movie, null],
    [ftyp("mp42", "isom", "mif1", "heic") + movie, null],
    [ftyp("isom") + box("mdat", "x") + box("moov", "y"), null],
    [box("wide", "") + box("mdat", "x") + box("moov", "y"), null],
    [ftyp("isom") + box("mdat", "x"), "cut movie"],
    [ftyp("isom") + box("mdat", "x").slice(0, 9), "cut movie"],
    [ftyp("iso5") + box("moov", "x"), "stream start"],
    [ftyp("iso5") + box("moof", "") + box("mdat", "x"), "segment"],
    ["#EXTM3U\n#EXT-X-VERSION:3\n", "playlist"],
    ["\xef\xbb\xbf#EXTM3U\n", "playlist"],
    ['<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">', "playlist"],
    [box("styp", "msdh\0\0\0\0") + box("moof", "") + box("mdat", "x"), "segment"],
    [box("moof", "") + box("mdat", "x"), "segment"],
    [box("styp", "msdh\0\0\0\0") + box("moov", "") + box("moof", ""), null],
    ["PK\x03\x04", "archive"],
    ["%PDF-1.7", "PDF"],
    ["<!DOCTYPE html><html>", "web page"],
    [`\0\0\x02${"picture".repeat(200)}TRUEVISION-XFILE.\0`, "TGA"],
    ['<?xml version="1.0"?>\n<!-- by a program -->\n<svg xmlns="x">', "SVG"],
    ["hello", null],
    ["", null],
  ])("%j: %s", async (bytes, kind) => expect(await kindOf(bytes)).toBe(kind));

  test("what no page decodes is named with a way out; a video is not", async () => {
    for (const bytes of ["#EXTM3U\n", box("moof", ""), "%PDF", "PK\x03\x04"]) {
      const kind = await kindOf(bytes);
      expect(isHopeless(kind)).toBe(true);
      expect(refusal(kind)?.remedy.length).toBeGreaterThan(20);
    }
    expect(refusal("image/heic")?.message).toContain("HEIC");
    expect(refusal("image/heic")?.remedy).toContain("JPEG");
    expect(refusal(null)).toBeNull();
    expect(refusal("image/png")).toBeNull();
  });
});
