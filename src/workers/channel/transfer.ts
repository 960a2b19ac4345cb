/** The buffers behind `arrays`, each once, to hand over. Only for arrays that own their buffers. */
export function buffersOf(
  ...arrays: readonly (ArrayBufferView | null | undefined)[]
): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const array of arrays) {
    if (array && array.buffer instanceof ArrayBuffer) buffers.add(array.buffer);
  }
  return [...buffers];
}
