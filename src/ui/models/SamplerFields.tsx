import type { InputDeclaration, ModelOffers } from "../../domain/pack/offers.ts";
import { SOLVERS } from "../../engine/flow/solvers/list.ts";
import { giveInput, overrideSampler, setGiven } from "../../store/actions/models.ts";
import { showError } from "../../store/actions/notices.ts";
import { selectDocument, selectModel, useStudio, useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Field, SegmentedField } from "../controls/Field.tsx";
import styles from "./models.module.css";

const SOLVER_OPTIONS = SOLVERS.map(({ name, label, description }) => {
  return { value: name, label, title: description };
});
const MAX_SHIFT = 20;

/** Inputs that the user can give as numbers, by what they are. */
const GIVEN: ReadonlySet<string> = new Set(["embedding", "latent"]);

/** What of the chosen model can be set, as it declares; the number of steps is in the forecast panel. */
export function ModelSettings() {
  const model = useStudio(selectModel);
  if (!model) return null;
  const { offers, inputs } = model;
  return (
    <section className={styles.part} aria-label="Sampler">
      {offers.sampler && <SamplerFields sampler={offers.sampler} />}
      {inputs
        .filter(({ what }) => GIVEN.has(what))
        .map((input) => (
          <GivenField key={input.name} input={input} />
        ))}
    </section>
  );
}

type SamplerOffer = NonNullable<ModelOffers["sampler"]>;

function SamplerFields({ sampler: { defaults, sources } }: { readonly sampler: SamplerOffer }) {
  const studio = useStudioObject();
  const chosen = useStudio((s) => selectDocument(s).sampler.solver);
  return (
    <>
      <SegmentedField<string>
        label="Solver"
        legend="Solver"
        value={chosen ?? defaults.solver}
        options={SOLVER_OPTIONS}
        onChange={(solver) =>
          overrideSampler(studio, { solver: solver === defaults.solver ? null : solver })
        }
      />
      <ShiftField />
      {sources.length > 0 && <SourceField sources={sources} />}
    </>
  );
}

function ShiftField() {
  const studio = useStudioObject();
  const timeShift = useStudio((s) => selectDocument(s).sampler.timeShift);
  return (
    <label className={controls.field}>
      <span className={controls.label}>Time shift</span>
      <input
        type="number"
        className={controls.number}
        title="Above 1: shorter steps near the source, longer ones near the result"
        min={0.1}
        max={MAX_SHIFT}
        step={0.1}
        placeholder="1"
        value={timeShift ?? ""}
        onChange={(event) => {
          const value = Number(event.currentTarget.value);
          overrideSampler(studio, { timeShift: value > 0 && value <= MAX_SHIFT ? value : null });
        }}
      />
    </label>
  );
}

const LEFT_TO_PACK = { value: "", label: "Pack’s", title: "As the pack says" };

function SourceField({ sources }: Pick<SamplerOffer, "sources">) {
  const studio = useStudioObject();
  const source = useStudio((s) => selectDocument(s).sampler.source);
  const options = sources.map(({ name, label, description }) => {
    return { value: name, label, title: description };
  });
  return (
    <SegmentedField<string>
      label="Source latent"
      legend="Source latent"
      value={source ?? LEFT_TO_PACK.value}
      options={[LEFT_TO_PACK, ...options]}
      onChange={(name) =>
        overrideSampler(studio, { source: name === LEFT_TO_PACK.value ? null : name })
      }
    />
  );
}

/** An input as numbers from a file: an embedding of a text, a latent to hold. */
function GivenField({ input }: { readonly input: InputDeclaration }) {
  const studio = useStudioObject();
  const { name, what, shape } = input;
  const given = useStudio((s) => selectDocument(s).given);
  const file = given[name];
  const label = name[0].toUpperCase() + name.slice(1);
  const without = () => setGiven(studio, name, null);
  return (
    <Field label={label}>
      <span className={styles.text}>
        {file ?? "none"}
        {file && <Button onClick={without}>Without</Button>}
        <label className={styles.file} title={`${label} ${what}, ${shape.join("×")} numbers`}>
          .npy…
          <input
            className="visually-hidden"
            type="file"
            aria-label={`${label} ${what}`}
            accept=".npy"
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0];
              if (chosen) {
                giveInput(studio, input, chosen).catch((error: unknown) =>
                  showError(studio, error),
                );
              }
              event.currentTarget.value = "";
            }}
          />
        </label>
      </span>
    </Field>
  );
}
