import { joinedBytes } from "./joined-bytes.ts";
import { writeZip } from "./zip.ts";

/**
 * A `torch.save` file whose content is a Python bytes object: a stored zip of `archive/data.pkl` and
 * `archive/version`. Pickle protocol 2 has no opcode for bytes; Python writes them as
 * `_codecs.encode(text, "latin1")`, the one call that `torch.load` allows with weights_only as well.
 */
export function writeTorchBytes(content: Uint8Array): Uint8Array {
  return writeZip(
    [
      { name: "archive/data.pkl", bytes: pickleBytes(content) },
      { name: "archive/version", bytes: ascii("3\n") },
    ],
    0,
  );
}

function pickleBytes(content: Uint8Array): Uint8Array {
  const text = utf8OfLatin1(content);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return joinedBytes([
    Uint8Array.of(0x80, 2), // PROTO 2
    ascii("c_codecs\nencode\n"), // GLOBAL
    Uint8Array.of(0x58), // BINUNICODE
    length,
    text,
    Uint8Array.of(0x58, 6, 0, 0, 0), // BINUNICODE
    ascii("latin1"),
    Uint8Array.of(0x86, 0x52, 0x2e), // TUPLE2, REDUCE, STOP
  ]);
}

function utf8OfLatin1(content: Uint8Array): Uint8Array {
  let high = 0;
  for (const byte of content) high += byte >> 7;
  const out = new Uint8Array(content.length + high);
  let at = 0;
  for (const byte of content) {
    if (byte < 0x80) out[at++] = byte;
    else {
      out[at++] = 0xc0 | (byte >> 6);
      out[at++] = 0x80 | (byte & 0x3f);
    }
  }
  return out;
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
