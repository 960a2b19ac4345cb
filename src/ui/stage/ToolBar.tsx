import { BODY_LABELS } from "../../domain/edits/body.ts";
import { CAMERA_MOVE_IDS, type CameraMove, moveFacts } from "../../domain/edits/camera-moves.ts";
import { selectEditingGap } from "../../store/actions/edits.ts";
import { useStudio } from "../../store/studio.ts";
import { TOOLS } from "../../viewport/tools/list.ts";
import controls from "../controls/controls.module.css";
import { Segmented } from "../controls/Segmented.tsx";
import styles from "./stage.module.css";
import { activeTool } from "./tools.ts";

/** What the pointer does on the stage; tools that edit say why they cannot. */
export function ToolBar() {
  const tool = useStudio((s, studio) => activeTool(s, studio).id);
  const gap = useStudio(selectEditingGap);
  const setTool = useStudio((s) => s.setTool);
  return (
    <div className={styles.toolBar}>
      <Segmented
        legend="Tool"
        value={tool}
        options={TOOLS.map(({ id, label, key, title, edits }) => ({
          value: id,
          label,
          title: (edits && gap) || `${title} (${key.toUpperCase()})`,
          disabled: edits && gap !== null,
        }))}
        onChange={setTool}
      />
      {tool === "body" && <ShapeChoice />}
      {tool === "camera" && <MoveChoice />}
    </div>
  );
}

/** What the next camera does, or the next body is. */
function Choice<T extends string>(props: {
  readonly label: string;
  readonly title: string;
  readonly value: T;
  readonly names: Readonly<Record<T, string>>;
  readonly onChange: (value: T) => void;
}) {
  return (
    <select
      className={controls.select}
      aria-label={props.label}
      title={props.title}
      value={props.value}
      onChange={({ currentTarget }) => props.onChange(currentTarget.value as T)}
    >
      {Object.entries<string>(props.names).map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  );
}

function MoveChoice() {
  const value = useStudio((s) => s.cameraMove);
  const onChange = useStudio((s) => s.setCameraMove);
  return (
    <Choice
      label="Camera move"
      title="What the camera does: pull the picture, or click for the usual amount"
      {...{ value, onChange, names: MOVE_NAMES }}
    />
  );
}

function ShapeChoice() {
  const value = useStudio((s) => s.bodyShape);
  const onChange = useStudio((s) => s.setBodyShape);
  return (
    <Choice
      label="Shape of the body"
      title="Pull from its middle to its rim, then pull on it"
      {...{ value, onChange, names: BODY_LABELS }}
    />
  );
}

const MOVE_NAMES = Object.fromEntries(
  CAMERA_MOVE_IDS.map((id) => [id, moveFacts(id).label]),
) as Readonly<Record<CameraMove, string>>;
