import { MAX_STROKE_SAMPLES, thinnedSamples } from "../../domain/edits/stroke.ts";
import { EDIT_KINDS, type Edit, editSchema, MAX_EDITS } from "../../domain/edits.ts";
import { FormatError } from "../../domain/errors.ts";

export interface ReadEdits {
  readonly edits: readonly Edit[];
  /** What was left out or mended, in plain sentences. */
  readonly notes: readonly string[];
}

/**
 * Edits that came from outside, one by one: what this build cannot read is left out and told, the rest
 * is taken. Paths of more samples than an edit keeps are thinned out evenly; ids that come twice are
 * changed.
 * @throws FormatError where there are more edits than a document holds.
 */
export function readEditList(values: readonly unknown[]): ReadEdits {
  if (values.length > MAX_EDITS) {
    throw new FormatError(
      `The file holds ${values.length.toLocaleString("en")} edits, more than ${MAX_EDITS.toLocaleString("en")}`,
      "Take some of them out of its list: later ones win over earlier ones.",
    );
  }
  const notes: string[] = [];
  const edits: Edit[] = [];
  const ids = new Set<string>();
  for (const [index, value] of values.entries()) {
    const mended = withFewerSamples(value);
    if (mended !== value)
      notes.push(`${nameOf(value, index)} had a longer path than is kept: it was thinned out.`);
    const parsed = editSchema.safeParse(mended);
    if (!parsed.success) {
      notes.push(`${nameOf(value, index)} was left out: ${whyNot(value, parsed.error)}.`);
      continue;
    }
    const id = freshId(parsed.data.id, ids);
    ids.add(id);
    edits.push(id === parsed.data.id ? parsed.data : { ...parsed.data, id });
  }
  return { edits, notes };
}

function whyNot(
  value: unknown,
  { issues }: { readonly issues: readonly { path: PropertyKey[]; message: string }[] },
): string {
  const kind = isRecord(value) ? value.kind : undefined;
  if (typeof kind === "string" && !Object.hasOwn(EDIT_KINDS, kind)) {
    return `this Foretrack knows no edit of the kind “${kind.slice(0, 40)}”, a newer one may`;
  }
  const [issue] = issues;
  return `${issue.path.map(String).join(".") || "it"}: ${issue.message}`;
}

function nameOf(value: unknown, index: number): string {
  const name =
    isRecord(value) && typeof value.name === "string" ? ` (${value.name.slice(0, 60)})` : "";
  return `Edit ${index + 1}${name}`;
}

function withFewerSamples(value: unknown): unknown {
  if (!isRecord(value) || !Array.isArray(value.samples)) return value;
  if (value.samples.length <= MAX_STROKE_SAMPLES) return value;
  return { ...value, samples: thinnedSamples(value.samples, MAX_STROKE_SAMPLES) };
}

function freshId(id: string, taken: ReadonlySet<string>): string {
  if (!taken.has(id)) return id;
  const stem = id.slice(0, 48);
  let number = 2;
  while (taken.has(`${stem}-${number}`)) number++;
  return `${stem}-${number}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
