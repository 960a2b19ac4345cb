import { FormatError } from "../../../domain/errors.ts";
import type { ExportFormat } from "./format.ts";
import type { ChoiceOption } from "./options.ts";
import type { ExportOptions } from "./types.ts";

export function choiceOptions({ options }: Pick<ExportFormat, "options">): ChoiceOption[] {
  return options.filter((option) => option.kind === "choice");
}

/** Value of a choice of the format: what was asked, else its first. */
export function choiceOf(format: ExportFormat, { choices }: ExportOptions, id: string): string {
  const option = choiceOptions(format).find((each) => each.id === id);
  return choices?.[id] ?? option?.values[0].value ?? "";
}

/** Each option's flag, and what it is called. */
const WORDS = {
  segment: { flag: "layer", word: "layer" },
  size: { flag: "size", word: "size" },
  fps: { flag: "fps", word: "frame rate" },
  frames: { flag: "frames", word: "frames" },
  spacing: { flag: "spacing", word: "spacing" },
  tracks: { flag: "tracks", word: "number of tracks" },
} as const;

/** @throws FormatError where something is asked that the format does not declare. */
export function refuseUndeclared(format: ExportFormat, options: ExportOptions): void {
  const kinds = Object.keys(WORDS) as (keyof typeof WORDS)[];
  const asked = kinds.find(
    (kind) => options[kind] !== undefined && !format.options.some((option) => option.kind === kind),
  );
  if (asked !== undefined && !(asked === "frames" && options.frames === format.defaults.frames)) {
    throw new FormatError(
      `${format.label} does not let you choose the ${WORDS[asked].word}`,
      `Its reader fixes it: leave “${WORDS[asked].flag}” out, or choose another format.`,
    );
  }
  for (const [id, value] of Object.entries(options.choices ?? {})) {
    const values = choiceOptions(format).find((option) => option.id === id)?.values;
    if (values?.some((each) => each.value === value)) continue;
    throw new FormatError(
      values ? `${format.label} has no ${id} “${value}”` : `${format.label} has no option “${id}”`,
      values
        ? `Use one of: ${values.map((each) => each.value).join(", ")}.`
        : "Leave it out, or choose another format.",
    );
  }
}
