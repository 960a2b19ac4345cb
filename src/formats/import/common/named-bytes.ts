/** A file in memory; of several that belong together the names tell which is which. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export async function namedBytes(file: File): Promise<NamedBytes> {
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}
