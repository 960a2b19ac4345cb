import type { ImportChoices, VisibilityChoice } from "../../formats/import/common/types.ts";
import controls from "../controls/controls.module.css";
import { SegmentedField, SelectField } from "../controls/Field.tsx";
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
      <SelectField
        label="Visibility"
        value={visibility?.array ?? ""}
        options={{
          "": "none: all visible",
          ...Object.fromEntries(inspection.possible.visibility.map((name) => [name, name])),
        }}
        onChange={pick}
      />
      {visibility && <MeaningFields visibility={visibility} choose={choose} />}
      <SegmentedField
        label="Not a number"
        legend="What becomes of positions that are not numbers"
        value={choices.nonFinite}
        options={[
          { value: "hide", label: "hide there" },
          { value: "refuse", label: "refuse the file" },
        ]}
        onChange={(nonFinite) => choose({ nonFinite })}
      />
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
      <SegmentedField
        label="It says"
        legend="Meaning of the visibility array"
        value={visibility.meaning}
        options={[
          { value: "visible", label: "visible" },
          { value: "occluded", label: "occluded" },
        ]}
        onChange={(meaning) => choose({ visibility: { ...visibility, meaning } })}
      />
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
