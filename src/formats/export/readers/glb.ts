/** What of glTF's JSON the tests look at. */
export interface GlbJson {
  readonly meshes: readonly {
    readonly name: string;
    readonly primitives: readonly {
      readonly attributes: { readonly POSITION: number };
      readonly targets?: readonly { readonly POSITION: number }[];
    }[];
  }[];
  readonly animations: readonly {
    readonly channels: readonly { readonly target: { readonly path: string } }[];
    readonly samplers: readonly { readonly output: number }[];
  }[];
  readonly accessors: readonly { readonly bufferView: number; readonly count: number }[];
  readonly bufferViews: readonly { readonly byteOffset: number; readonly byteLength: number }[];
}

/** Binary glTF 2.0: its JSON, and float accessors by number. */
export function readGlb(bytes: Uint8Array): {
  json: GlbJson;
  read(accessor: number): Float32Array;
} {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(12, true);
  const json: GlbJson = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length)));
  const start = 28 + length;
  return {
    json,
    read(accessor) {
      const { byteOffset, byteLength } = json.bufferViews[json.accessors[accessor].bufferView];
      return new Float32Array(
        bytes.slice(start + byteOffset, start + byteOffset + byteLength).buffer,
      );
    },
  };
}
