import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CancelledError, MediaError } from "../../domain/errors.ts";
import { addressesIn, fetchFile, nameInAddress, readAddress } from "./addresses.ts";

const BASE = "https://studio.example/app/";

describe("addresses", () => {
  test.each([
    ["https://a.example/clip.mp4", "https://a.example/clip.mp4"],
    [" samples/walker.mp4 ", "https://studio.example/app/samples/walker.mp4"],
  ])("%s is read", (text, href) => {
    expect(readAddress(text, BASE).href).toBe(href);
  });

  test.each([
    ["http://localhost:8000/a.mp4", /https: addresses only/, /drop the file here/],
    ["http://192.168.1.4/a.mp4", /https: addresses only/, /page's own rule/],
    ["file:///home/me/a.mp4", /file: addresses/, /Drop the file here/],
    ["ftp://a.example/a.mp4", /this one is ftp:/, /Download/],
    ["https://", /is not an address/, /begins with https/],
  ])("%s is refused with the way out", (text, message, remedy) => {
    try {
      readAddress(text, BASE);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(MediaError);
      expect((error as MediaError).message).toMatch(message);
      expect((error as MediaError).remedy).toMatch(remedy);
    }
  });

  test("http: of the page's own origin can be fetched", () => {
    expect(readAddress("a.mp4", "http://localhost:4173/").protocol).toBe("http:");
  });

  test("names keep % signs that mean nothing else", () => {
    expect(nameInAddress(new URL("https://a.example/100%25%20wild.mp4"))).toBe("100% wild.mp4");
    expect(nameInAddress(new URL("https://a.example/100%.mp4"))).toBe("100%.mp4");
    expect(nameInAddress(new URL("https://a.example/"))).toBe("a.example");
  });

  test("lists of addresses leave comments out; other text holds none", () => {
    expect(
      addressesIn("# list\r\nhttps://a.example/1.mp4\r\nhttps://a.example/2.mp4"),
    ).toHaveLength(2);
    expect(addressesIn("file:///home/me/a.mp4")).toEqual(["file:///home/me/a.mp4"]);
    expect(addressesIn("a clip of a walk")).toEqual([]);
  });
});

describe("fetching", () => {
  let server: Server;
  let base = "";
  const open: (() => void)[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      open.push(() => response.destroy());
      const head = { "content-length": "1000", "content-type": "video/mp4" };
      if (request.url === "/whole.mp4") response.writeHead(200, head).end(Buffer.alloc(1000));
      else if (request.url === "/missing.mp4") response.writeHead(404).end();
      else if (request.url === "/page") {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end("<p>");
      } else {
        response.writeHead(200, head).write(Buffer.alloc(400));
        if (request.url === "/cut.mp4") setTimeout(() => response.destroy(), 50);
      }
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    for (const end of open) end();
    server.close();
  });

  const fetched = (path: string, signal?: AbortSignal) => {
    const shares: number[] = [];
    const job = {
      signal,
      onProgress: ({ done, total }: { done: number; total: number }) => shares.push(done / total),
    };
    return fetchFile(new URL(path, base), job, 400).then((file) => ({ file, shares }));
  };

  test("gives the file, and how much of it is there", async () => {
    const { file, shares } = await fetched("/whole.mp4");
    expect([file.name, file.size, file.type]).toEqual(["whole.mp4", 1000, "video/mp4"]);
    expect(shares.at(-1)).toBe(1);
  });

  test.each([
    ["/missing.mp4", /answered 404/],
    ["/page", /a web page, not with a clip/],
    ["/cut.mp4", /broke after 400 .*of/],
    ["/slow.mp4", /sent nothing for 0 s, after 400/],
  ])("%s is told by kind", async (path, message) => {
    const failure = await fetched(path).catch((error) => error);
    expect(failure).toBeInstanceOf(MediaError);
    expect(failure.message).toMatch(message);
    expect(failure.remedy).toMatch(/drop the file here/);
  });

  test("a cancelled fetch is no failure", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    await expect(fetched("/slow.mp4", controller.signal)).rejects.toBeInstanceOf(CancelledError);
  });
});
