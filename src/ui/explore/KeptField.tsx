import { showKept } from "../../store/actions/live-future.ts";
import { useStudio, useStudioObject } from "../../store/studio.ts";
import { SelectField } from "../controls/Field.tsx";
import { useKeptFutures } from "./keptFutures.ts";

const NONE = "none";

/** Goes on from a future that was kept, also one that came out of a file. */
export function KeptField({ latentSize }: { readonly latentSize: number }) {
  const studio = useStudioObject();
  const kept = useKeptFutures(latentSize);
  const from = useStudio((s) => s.base?.slotId);
  if (kept.length === 0) return null;
  const names = kept.map(({ id }) => [String(id), `future ${id}`] as const);
  return (
    <SelectField
      label="Go on from"
      value={kept.some(({ id }) => id === from) ? String(from) : NONE}
      options={Object.fromEntries([[NONE, "choose a future"], ...names])}
      onChange={(id) => void showKept(studio, Number(id))}
    />
  );
}
