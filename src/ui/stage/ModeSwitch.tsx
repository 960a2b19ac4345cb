import type { StageMode } from "../../store/slices/viewSlice.ts";
import { selectView, useStudio } from "../../store/studio.ts";
import { Segmented } from "../controls/Segmented.tsx";

const MODES: readonly { readonly value: StageMode; readonly label: string }[] = [
  { value: "overlay", label: "Overlay" },
  { value: "spacetime", label: "Space-time" },
  { value: "side-by-side", label: "Side by side" },
];

/** How the stage shows the forecast. */
export function ModeSwitch() {
  const mode = useStudio((s) => selectView(s).mode);
  const setView = useStudio((s) => s.setView);
  return (
    <Segmented
      legend="Stage view"
      value={mode}
      options={MODES}
      onChange={(next) => setView({ mode: next })}
    />
  );
}
