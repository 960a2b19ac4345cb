import { selectView, useStudio } from "../../store/studio.ts";
import { Segmented } from "../controls/Segmented.tsx";
import { STAGE_VIEWS } from "./stageViews.ts";

/** How the stage shows the forecast. */
export function ModeSwitch() {
  const mode = useStudio((s) => selectView(s).mode);
  const setView = useStudio((s) => s.setView);
  return (
    <Segmented
      legend="Stage view"
      value={mode}
      options={STAGE_VIEWS}
      onChange={(next) => setView({ mode: next })}
    />
  );
}
