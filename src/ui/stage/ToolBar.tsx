import { selectEditingGap } from "../../store/actions/edits.ts";
import { useStudio } from "../../store/studio.ts";
import { TOOLS } from "../../viewport/tools/list.ts";
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
    </div>
  );
}
