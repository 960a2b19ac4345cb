import type { ImportChoices, VisibilityChoice } from "../../formats/import-types.ts";
import controls from "../controls/controls.module.css";
import { Segmented } from "../controls/Segmented.tsx";
import type { ImportState } from "./useImport.ts";

/** What tells where a point is hidden. */
export function VisibilityFields({ state }: { readonly state: ImportState }) {
  const { inspection, choices, choose } = state;
  const { visibility } = choices;
  const pick = (array: string) => {
    const before: VisibilityChoice = visibility ?? { array, meaning: "visible", threshold: 0.5 };
    choose({ visibility: array === "" ? null : { ...before, array } });
  };
  return (
    <>
      <label className={controls.field}>
        <span className={controls.label}>Visibility</span>
        <select
          className={controls.select}
          value={visibility?.array ?? ""}
          onChange={(event) => pick(event.currentTarget.value)}
        >
          <option value="">none: all visible</option>
          {inspection.possible.visibility.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      {visibility && <MeaningFields visibility={visibility} choose={choose} />}
      <div className={controls.field}>
        <span className={controls.label}>Not a number</span>
        <Segmented
          legend="What becomes of positions that are not numbers"
          value={choices.nonFinite}
          options={[
            { value: "hide", label: "hide there" },
            { value: "refuse", label: "refuse the file" },
          ]}
          onChange={(nonFinite) => choose({ nonFinite })}
        />
      </div>
    </>
  );
}

function MeaningFields({
  visibility,
  choose,
}: {
  readonly visibility: VisibilityChoice;
  readonly choose: (part: Partial<ImportChoices>) => void;
}) {
  return (
    <>
      <div className={controls.field}>
        <span className={controls.label}>It says</span>
        <Segmented
          legend="Meaning of the visibility array"
          value={visibility.meaning}
          options={[
            { value: "visible", label: "visible" },
            { value: "occluded", label: "occluded" },
          ]}
          onChange={(meaning) => choose({ visibility: { ...visibility, meaning } })}
        />
      </div>
      <label className={controls.field}>
        <span className={controls.label}>where above</span>
        <input
          type="number"
          step="any"
          className={controls.number}
          value={visibility.threshold}
          onChange={(event) =>
            choose({ visibility: { ...visibility, threshold: Number(event.currentTarget.value) } })
          }
        />
      </label>
    </>
  );
}
