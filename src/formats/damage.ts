/** Mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TOKENS = [
  "__proto__",
  "constructor",
  "1e999",
  "-1e999",
  "NaN",
  "null",
  "[[[[",
  "]",
  "{",
  "}",
  ",",
  '"',
  "0",
  "-0",
  "99999999999999999999",
  "'shape': (9999999, 9999999, 2), ",
  "|O",
  "<f8",
  ">i8",
  "True",
  "\0",
  "\ufeff",
  "-4096",
  "x",
  "1.5",
  "true",
  "\n",
  ";",
  "PK\u0003\u0004",
].map((token) => new TextEncoder().encode(token));

/** A copy with one to four seeded faults: bits, bytes, cuts, repeats and tokens that parsers trip over. */
export function mutate(bytes: Uint8Array, seed: number): Uint8Array {
  const next = random(seed);
  const at = (length: number) => Math.floor(next() * length);
  let out: Uint8Array = bytes.slice();
  for (let edits = 1 + at(4); edits > 0 && out.length > 0; edits--) {
    const from = at(out.length);
    const to = Math.min(out.length, from + 1 + at(next() < 0.2 ? out.length : 16));
    switch (at(6)) {
      case 0:
        out[from] ^= 1 << at(8);
        break;
      case 1:
        out[from] = at(256);
        break;
      case 2:
        out = join(out.subarray(0, from), out.subarray(to));
        break;
      case 3:
        out = join(out.subarray(0, to), out.subarray(from));
        break;
      case 4:
        out = join(out.subarray(0, from), TOKENS[at(TOKENS.length)], out.subarray(from));
        break;
      case 5:
        out = join(out.subarray(0, from), TOKENS[at(TOKENS.length)], out.subarray(to));
        break;
    }
  }
  return out;
}

function join(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
