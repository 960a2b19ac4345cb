import { useState } from "react";
import { showBetween } from "../../store/actions/live-future.ts";
import type { LatentBase } from "../../store/slices/explorationSlice.ts";
import { useStudioObject } from "../../store/studio.ts";
import controls from "../controls/controls.module.css";
import { SelectField } from "../controls/Field.tsx";
import { Check } from "../controls/Panel.tsx";
import { useKeptFutures } from "./keptFutures.ts";

const NONE = "none";

/** From what is tried out to one of the kept futures. */
export function BetweenField({ base }: { readonly base: LatentBase }) {
  const studio = useStudioObject();
  const [target, setTarget] = useState(NONE);
  const [share, setShare] = useState(0);
  const [straight, setStraight] = useState(false);
  const kept = useKeptFutures(base.z.length);
  if (kept.length === 0) return null;
  const names = kept.map(({ id }) => [String(id), `future ${id}`] as const);
  const options = Object.fromEntries([[NONE, "choose a future"], ...names]);
  const show = (to: string, part: number, isStraight: boolean) => {
    setTarget(to);
    setShare(part);
    setStraight(isStraight);
    const z = kept.find(({ id }) => String(id) === to)?.z;
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
