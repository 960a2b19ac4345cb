/** Type of the numbers of one accessor, and how glTF calls it. */
const COMPONENTS = { float: 5126, ushort: 5123 } as const;
const WIDTHS = { SCALAR: 1, VEC3: 3, VEC4: 4 } as const;

export interface GlbArray {
  readonly type: keyof typeof WIDTHS;
  readonly values: Float32Array | Uint16Array;
  /** Whole numbers stand for shares of the largest. */
  readonly normalized?: true;
  /** Least and largest values are told, as glTF wants of positions and times. */
  readonly bounds?: true;
}

/** Collects arrays and writes them with a description as one binary glTF 2.0 file. */
export class GlbWriter {
  private readonly chunks: Uint8Array[] = [];
  private readonly accessors: object[] = [];
  private readonly views: object[] = [];
  private length = 0;

  /** The number of the accessor. */
  add({ type, values, normalized, bounds }: GlbArray): number {
    const width = WIDTHS[type];
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.views.push({ buffer: 0, byteOffset: this.length, byteLength: bytes.length });
    this.push(bytes);
    const component = values instanceof Float32Array ? COMPONENTS.float : COMPONENTS.ushort;
    this.accessors.push({
      bufferView: this.views.length - 1,
      componentType: component,
      count: values.length / width,
      type,
      ...(normalized ? { normalized } : {}),
      ...(bounds
        ? { min: extreme(values, width, Math.min), max: extreme(values, width, Math.max) }
        : {}),
    });
    return this.accessors.length - 1;
  }

  /** The file. `document`: everything of glTF's JSON but buffers, views and accessors. */
  write(document: object): Uint8Array {
    const json = new TextEncoder().encode(
      JSON.stringify({
        ...document,
        accessors: this.accessors,
        bufferViews: this.views,
        buffers: [{ byteLength: this.length }],
      }),
    );
    const padded = Math.ceil(json.length / 4) * 4;
    const out = new Uint8Array(12 + 8 + padded + 8 + this.length).fill(0x20, 20, 20 + padded);
    const view = new DataView(out.buffer);
    const head = [0x46546c67, 2, out.length, padded, 0x4e4f534a];
    head.forEach((value, i) => {
      view.setUint32(4 * i, value, true);
    });
    out.set(json, 20);
    view.setUint32(20 + padded, this.length, true);
    view.setUint32(24 + padded, 0x004e4942, true);
    let at = 28 + padded;
    for (const chunk of this.chunks) {
      out.set(chunk, at);
      at += chunk.length;
    }
    return out;
  }

  /** Every view begins at a multiple of four. */
  private push(bytes: Uint8Array): void {
    const room = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    room.set(bytes);
    this.chunks.push(room);
    this.length += room.length;
  }
}

function extreme(
  values: ArrayLike<number>,
  width: number,
  better: (a: number, b: number) => number,
): number[] {
  const out = Array.from({ length: width }, (_, c) => values[c]);
  for (let i = width; i < values.length; i++) out[i % width] = better(out[i % width], values[i]);
  return out;
}
