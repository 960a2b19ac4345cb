import { useState } from "react";
import { showBetween } from "../../store/actions/live-future.ts";
import type { Slot } from "../../store/document.ts";
import type { LatentBase } from "../../store/slices/explorationSlice.ts";
import { type Studio, selectDocument, useStudio, useStudioObject } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { SelectField } from "../controls/Field.tsx";
import { Check } from "../controls/Panel.tsx";

const NONE = "none";

/** From what is tried out to one of the kept futures. */
export function BetweenField({ base }: { readonly base: LatentBase }) {
  const studio = useStudioObject();
  const slots = useStudio((s) => selectDocument(s).slots);
  const [target, setTarget] = useState(NONE);
  const [share, setShare] = useState(0);
  const [straight, setStraight] = useState(false);
  // One of another model has another number of values, and no way leads to it.
  const size = base.z.length;
  const kept = slots.filter((slot) => latentOfSlot(studio, slot)?.length === size);
  if (kept.length === 0) return null;
  const names = kept.map(({ id }) => [String(id), `future ${id}`] as const);
  const options = Object.fromEntries([[NONE, "choose a future"], ...names]);
  const show = (to: string, part: number, isStraight: boolean) => {
    setTarget(to);
    setShare(part);
    setStraight(isStraight);
    const slot = kept.find(({ id }) => String(id) === to);
    const z = slot && latentOfSlot(studio, slot);
    if (!z) return;
    const way = { share: part, straight: isStraight };
    void showBetween(studio, base, { z, words: `future ${to}` }, way);
  };
  return (
    <>
      <SelectField
        label="Towards"
        value={target}
        options={options}
        onChange={(to) => show(to, share, straight)}
      />
      {target !== NONE && (
        <>
          <input
            type="range"
            className={controls.range}
            aria-label={`How far towards future ${target}`}
            min={0}
            max={1}
            step={0.02}
            value={share}
            onChange={(event) => show(target, Number(event.currentTarget.value), straight)}
          />
          <Check
            label="Straight line, as in the paper"
            title="Motion shrinks at its middle"
            checked={straight}
            onChange={(checked) => show(target, share, checked)}
          />
        </>
      )}
    </>
  );
}

function latentOfSlot(studio: Studio, { futureId }: Slot): readonly number[] | null {
  return (futureId && studio.bulk.futures.get(futureId)?.latent?.z) || null;
}
