import { type Job, throwIfCancelled } from "../../domain/job.ts";
import { isZipUrl } from "../../domain/pack/location.ts";
import { ask, explained } from "./download.ts";

const ZIP_TYPE = /^application\/(x-)?zip(-compressed)?\b/i;
/** What has arrived leaves the memory of scripts in pieces of this size. */
const PART_BYTES = 8 * 2 ** 20;
const REPORT_MILLIS = 60;

export interface ZipDownload {
  readonly url: string;
  /** Hears how much has arrived of how much: 0 where the server does not tell. */
  readonly onBytes: (bytes: number, total: number) => void;
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * What is at an address, where that is a zip by its name or by the server's word; else null. Rejects
 * with PackError or CancelledError.
 */
export async function downloadZip(download: ZipDownload, job?: Job): Promise<Blob | null> {
  const { url, onBytes, fetch = globalThis.fetch.bind(globalThis) } = download;
  return explained(url, async () => {
    const response = await ask(fetch, url, {}, job);
    const { headers } = response;
    const reader = response.body!.getReader();
    if (!isZipUrl(url) && !ZIP_TYPE.test(headers.get("content-type") ?? "")) {
      await reader.cancel();
      return null;
    }
    // A body packed for its way unpacks to another length.
    const total = headers.has("content-encoding") ? 0 : Number(headers.get("content-length"));
    const parts: Blob[] = [];
    let pending: Uint8Array<ArrayBuffer>[] = [];
    let pendingBytes = 0;
    let size = 0;
    let told = 0;
    for (;;) {
      throwIfCancelled(job);
      const { done, value } = await reader.read();
      if (done) return new Blob([...parts, ...pending]);
      pending.push(value);
      pendingBytes += value.length;
      size += value.length;
      if (performance.now() - told >= REPORT_MILLIS) {
        told = performance.now();
        onBytes(size, total);
      }
      if (pendingBytes < PART_BYTES) continue;
      parts.push(new Blob(pending));
      pending = [];
      pendingBytes = 0;
    }
  });
}
