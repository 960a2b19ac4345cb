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

/**
 * Gives the memory of arrays of no more use back at once, where the platform can (ECMAScript 2024): the
 * collector lets large ones pile up, and an idle thread does not call it.
 */
export function free({ buffer }: ArrayBufferView): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.byteLength === 0) return;
  (buffer as ArrayBuffer & { transfer?: (length: number) => unknown }).transfer?.(0);
}
