import { selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";

export interface KeptFuture {
  /** Number of its slot. */
  readonly id: number;
  readonly z: readonly number[];
}

/** The futures with a slot whose latent has `size` numbers: one of another model has another count. */
export function useKeptFutures(size: number): readonly KeptFuture[] {
  const studio = useStudioObject();
  const slots = useStudio((s) => selectDocument(s).slots);
  return slots.flatMap(({ id, futureId }) => {
    const z = futureId ? studio.bulk.futures.get(futureId)?.latent?.z : undefined;
    return z?.length === size ? [{ id, z }] : [];
  });
}
