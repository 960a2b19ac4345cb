import { chooseModel, removeModel } from "../../store/actions/models.ts";
import { isShipped, PHOTO_MODEL, SHIPPED_MODEL } from "../../store/document.ts";
import type { ModelEntry } from "../../store/slices/modelsSlice.ts";
import { selectBusy, selectModelKey, useStudio, useStudioObject } from "../../store/studio.ts";
import { IconButton } from "../controls/Button.tsx";
import { backendWords, formatBytes } from "../status/words.ts";
import styles from "./models.module.css";

/** The loaded models; the chosen one forecasts. */
export function ModelList() {
  const models = useStudio((s) => s.models);
  const shipsPhoto = useStudio((s) => s.shipsPhoto);
  const isHere = (own: string) => models.some(({ key }) => key === own);
  return (
    <fieldset className={styles.list}>
      <legend>Forecast with</legend>
      {!isHere(SHIPPED_MODEL) && (
        <Row id={SHIPPED_MODEL} name="Foretrack compact" facts={NOT_LOADED} />
      )}
      {shipsPhoto && !isHere(PHOTO_MODEL) && (
        <Row id={PHOTO_MODEL} name="Foretrack photo" facts={NOT_LOADED} />
      )}
      {models.map((model) => (
        <Row key={model.key} id={model.key} name={model.name} facts={factsOf(model)} />
      ))}
    </fieldset>
  );
}

const NOT_LOADED = "Comes with Foretrack, loads when it is needed";

interface RowProps {
  readonly id: string;
  readonly name: string;
  readonly facts: string;
}

function Row({ id, name, facts }: RowProps) {
  const studio = useStudioObject();
  const chosen = useStudio((s) => selectModelKey(s) === id);
  const busy = useStudio(selectBusy);
  return (
    <div className={styles.row} data-chosen={chosen}>
      <label>
        <input
          type="radio"
          name="model"
          aria-label={name}
          checked={chosen}
          disabled={busy}
          onChange={() => chooseModel(studio, id)}
        />
        <span>
          <strong>{name}</strong>
          <small>{facts}</small>
        </span>
      </label>
      {!isShipped(id) && (
        <IconButton
          icon="close"
          small
          label={`Remove ${name}`}
          title="Remove and free its memory"
          disabled={busy}
          onClick={() => removeModel(studio, id)}
        />
      )}
    </div>
  );
}

function factsOf({ source, bytes, backend, geometry, rate, licence }: ModelEntry): string {
  const anchored =
    geometry.referenceFrame === "first-history" ? "anchored on the first past frame, " : "";
  const pace = rate === "native" ? "native frame rate" : `${rate} fps`;
  return `${source}. ${formatBytes(bytes)}, ${licence}, ${anchored}${pace}. ${backendWords(backend)}`;
}
