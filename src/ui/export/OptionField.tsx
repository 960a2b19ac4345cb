import type { Size } from "../../domain/clip.ts";
import type { ExportFormat } from "../../formats/export/common/format.ts";
import type { ChoiceOption, ExportOption } from "../../formats/export/common/options.ts";
import type { ExportSegment } from "../../formats/export/common/types.ts";
import controls from "../controls/controls.module.css";
import type { ExportChoice } from "./choice.ts";
import { NumberField } from "./NumberField.tsx";
import { SizeFields } from "./SizeFields.tsx";

const SEGMENTS: Readonly<Record<ExportSegment, string>> = {
  future: "Future, from “now” on",
  past: "Past, up to “now”",
  both: "Past and future",
  truth: "What really happened",
};

export interface OptionFieldProps {
  readonly option: ExportOption;
  readonly format: ExportFormat;
  readonly hasTruth: boolean;
  readonly clipSize: Size;
  readonly choice: ExportChoice;
  readonly choose: (part: Partial<ExportChoice>) => void;
}

/** The field of one option that a format declares. */
export function OptionField(props: OptionFieldProps) {
  const { option, format, clipSize, choice, choose } = props;
  const { defaults } = format;
  switch (option.kind) {
    case "segment":
      return <SegmentField {...props} />;
    case "size":
      return (
        <SizeFields
          choice={choice}
          choose={choose}
          clipSize={clipSize}
          presets={option.presets}
          usual={defaults.size}
        />
      );
    case "fps":
      return (
        <NumberField
          label="Frames a second"
          placeholder={defaults.fps ? String(defaults.fps) : "as is"}
          value={choice.fps}
          onChange={(fps) => choose({ fps })}
        />
      );
    case "frames":
      return (
        <NumberField
          label="Frames"
          placeholder={defaults.frames ? String(defaults.frames) : "all"}
          value={choice.frames}
          proposed={option.proposed}
          onChange={(frames) => choose({ frames })}
        />
      );
    case "spacing":
      return (
        <NumberField
          label="A point every"
          placeholder="32 px"
          value={choice.spacing}
          proposed={[8, 16, 24]}
          onChange={(spacing) => choose({ spacing })}
        />
      );
    case "tracks":
      return (
        <NumberField
          label="Tracks at most"
          placeholder="all"
          value={choice.tracks}
          proposed={option.proposed}
          onChange={(tracks) => choose({ tracks })}
        />
      );
    case "choice":
      return <ChoiceField option={option} choice={choice} choose={choose} />;
  }
}

function SegmentField({ format, hasTruth, choice, choose }: OptionFieldProps) {
  return (
    <label>
      Layer
      <select
        className={controls.select}
        value={choice.segment || format.defaults.segment}
        onChange={(event) => choose({ segment: event.currentTarget.value as ExportSegment })}
      >
        {(Object.keys(SEGMENTS) as ExportSegment[]).map((segment) => (
          <option key={segment} value={segment} disabled={segment === "truth" && !hasTruth}>
            {SEGMENTS[segment]}
          </option>
        ))}
      </select>
    </label>
  );
}

function ChoiceField({
  option: { id, label, values },
  choice,
  choose,
}: Pick<OptionFieldProps, "choice" | "choose"> & { readonly option: ChoiceOption }) {
  const known = values.some(({ value }) => value === choice.choices[id]);
  return (
    <label>
      {label}
      <select
        className={controls.select}
        value={known ? choice.choices[id] : values[0].value}
        onChange={(event) =>
          choose({ choices: { ...choice.choices, [id]: event.currentTarget.value } })
        }
      >
        {values.map((each) => (
          <option key={each.value} value={each.value}>
            {each.label}
          </option>
        ))}
      </select>
    </label>
  );
}
