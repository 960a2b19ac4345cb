import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ForecastRequest } from "../../domain/ports.ts";

/**
 * Tells apart what conditions a model: a hash over everything in the request but its seeds,
 * their latents and the sampler, whatever it is. A new input is in it without a line here.
 */
export function conditionKey(request: ForecastRequest): string {
  const { seeds: _seeds, sampler: _sampler, latents: _latents, ...conditioning } = request;
  const hash = sha256.create();
  feed(conditioning, (bytes) => hash.update(bytes));
  return bytesToHex(hash.digest());
}

/** Numbers, strings, booleans, typed arrays and objects of these; what is undefined is absent. */
function feed(value: unknown, update: (bytes: Uint8Array) => void): void {
  const tell = (text: string) => update(utf8ToBytes(text));
  if (ArrayBuffer.isView(value)) {
    tell(`${value.constructor.name}:${value.byteLength};`);
    update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  } else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, part]) => part !== undefined);
    tell(`${Array.isArray(value) ? "array" : "object"}:${entries.length};`);
    for (const [name, part] of entries.sort(([a], [b]) => (a < b ? -1 : 1))) {
      tell(`${JSON.stringify(name)}:`);
      feed(part, update);
    }
  } else {
    tell(`${typeof value}:${typeof value === "string" ? JSON.stringify(value) : String(value)};`);
  }
}
