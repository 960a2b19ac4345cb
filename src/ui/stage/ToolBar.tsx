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
      {tool === "camera" && <MoveChoice />}
    </div>
  );
}

/** What the next camera does. */
function MoveChoice() {
  const move = useStudio((s) => s.cameraMove);
  const setCameraMove = useStudio((s) => s.setCameraMove);
  return (
    <select
      className={controls.select}
      aria-label="Camera move"
      title="What the camera does: pull the picture, or click for the usual amount"
      value={move}
      onChange={({ currentTarget }) => setCameraMove(currentTarget.value as CameraMove)}
    >
      {CAMERA_MOVE_IDS.map((id) => (
        <option key={id} value={id}>
          {moveFacts(id).label}
        </option>
      ))}
    </select>
  );
}
