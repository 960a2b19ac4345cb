import { SOLVERS } from "../../engine/flow/solvers/list.ts";
import { supplyText, tune } from "../../store/actions/models.ts";
import { showError } from "../../store/actions/notices.ts";
import { selectModel, useStudio } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import controls from "../controls/controls.module.css";
import { Field, SegmentedField } from "../controls/Field.tsx";
import styles from "./models.module.css";

const SOLVER_OPTIONS = SOLVERS.map(({ name, label, description }) => {
  return { value: name, label, title: description };
});
const MAX_SHIFT = 20;

/** What of the chosen model's sampler can be set; the number of steps is in the forecast panel. */
export function TuningFields() {
  const model = useStudio(selectModel);
  const tuning = useStudio((s) => s.tuning);
  if (!model) return null;
  return (
    <section className={styles.part} aria-label="Sampler">
      <SegmentedField<string>
        label="Solver"
        legend="Solver"
        value={tuning.solver ?? model.sampler.solver}
        options={SOLVER_OPTIONS}
        onChange={(solver) => tune({ solver: solver === model.sampler.solver ? null : solver })}
      />
      <ShiftField />
      {model.kind === "trajloom" && <SourceField />}
      {model.textSize > 0 && <TextField size={model.textSize} />}
    </section>
  );
}

function ShiftField() {
  const timeShift = useStudio((s) => s.tuning.timeShift);
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
          tune({ timeShift: value > 0 && value <= MAX_SHIFT ? value : null });
        }}
      />
    </label>
  );
}

function SourceField() {
  const repeat = useStudio((s) => s.tuning.repeatBoundary);
  return (
    <SegmentedField<"pack" | "first" | "all">
      label="Source latent"
      legend="Source latent"
      value={repeat === null ? "pack" : repeat ? "all" : "first"}
      options={[
        { value: "pack", label: "Pack’s", title: "As the pack says" },
        { value: "first", label: "Released", title: "First latent anchored, the rest noise" },
        { value: "all", label: "Paper", title: "The boundary latent repeated over all" },
      ]}
      onChange={(kind) => tune({ repeatBoundary: kind === "pack" ? null : kind === "all" })}
    />
  );
}

function TextField({ size }: { readonly size: number }) {
  const text = useStudio((s) => s.tuning.text);
  return (
    <Field label="Text">
      <span className={styles.text}>
        {text ?? "none"}
        {text && <Button onClick={() => tune({ text: null })}>Without</Button>}
        <label className={styles.file} title={`Pooled embedding, ${size} numbers`}>
          .npy…
          <input
            className="visually-hidden"
            type="file"
            aria-label="Text embedding"
            accept=".npy"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file) supplyText(file).catch(showError);
              event.currentTarget.value = "";
            }}
          />
        </label>
      </span>
    </Field>
  );
}
