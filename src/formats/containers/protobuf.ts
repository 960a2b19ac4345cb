/** One field of a message: where it begins with its tag, and where its value lies. */
export interface Field {
  readonly number: number;
  /** 0: a number, 1: eight bytes, 2: bytes of a length, 5: four bytes. */
  readonly wire: number;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

const LENGTHS: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

/**
 * The fields of the message in `bytes` from `start` to `end`, in order, without a schema.
 * @throws RangeError for what is no such message.
 */
export function* fieldsOf(bytes: Uint8Array, start = 0, end = bytes.length): Generator<Field> {
  for (let at = start; at < end; ) {
    const tag = varint(bytes, at);
    const wire = tag.value & 7;
    const value = varint(bytes, tag.next);
    const from = wire === 2 ? value.next : tag.next;
    const length = wire === 0 ? value.next - from : wire === 2 ? value.value : LENGTHS[wire];
    if (length === undefined || from + length > end) throw new RangeError("no protobuf message");
    yield { number: Math.floor(tag.value / 8), wire, start: at, from, to: from + length };
    at = from + length;
  }
}

/** The number of a field of wire type 0, up to 2^53. */
export function numberOf(bytes: Uint8Array, { from }: Field): number {
  return varint(bytes, from).value;
}

const TEXT = new TextDecoder();

export function textOf(bytes: Uint8Array, { from, to }: Field): string {
  return TEXT.decode(bytes.subarray(from, to));
}

/** A number as it stands in a message: seven bits a byte, the lowest first. */
export function encodeNumber(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

/** A field whose value is a number. */
export function numberField(number: number, value: number): Uint8Array {
  return Uint8Array.from([...encodeNumber(number * 8), ...encodeNumber(value)]);
}

/** A field whose value is bytes: text, or another message in its parts. */
export function bytesField(number: number, parts: readonly Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [Uint8Array.from([...encodeNumber(number * 8 + 2), ...encodeNumber(length)]), ...parts];
}

function varint(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  for (let at = start, unit = 1; at < bytes.length && at < start + 10; at++, unit *= 128) {
    value += (bytes[at] & 127) * unit;
    if (bytes[at] < 128) return { value, next: at + 1 };
  }
  return { value, next: bytes.length + 1 };
}
