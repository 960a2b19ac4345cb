import { useEffect, useRef, useState } from "react";
import { RuntimeLostError } from "../../domain/errors.ts";
import { showError } from "../../store/actions/notices.ts";
import { selectView, useStudio, useStudioObject } from "../../store/studio.ts";
import type { ToolHost } from "../../viewport/tools/host.ts";
import type { Tile } from "../../viewport/viewport.ts";
import { Viewport } from "../../viewport/viewport.ts";
import { FieldHost } from "./FieldHost.tsx";
import { HoverTip } from "./HoverTip.tsx";
import type { Hover } from "./hover.ts";
import styles from "./stage.module.css";
import { bindStage } from "./stageBinding.ts";
import { setStageHandle } from "./stageHandle.ts";
import { TileLabels } from "./TileLabels.tsx";
import { ToolBar } from "./ToolBar.tsx";
import { bindTools } from "./tools.ts";
import { VolumeTools } from "./VolumeTools.tsx";

/** Hosts the framework-free viewport: makes it, feeds it, and lays names over it. */
export function ViewportHost() {
  const studio = useStudioObject();
  const mode = useStudio((s) => selectView(s).mode);
  const ref = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState<Viewport | null>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const [absent, setAbsent] = useState<RuntimeLostError | null>(null);
  const [tiles, setTiles] = useState<readonly Tile[]>([]);
  useEffect(() => {
    const host = ref.current;
    if (!host) return;
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-label", "Stage");
    canvas.setAttribute("role", "img");
    host.prepend(canvas);
    let view: Viewport;
    let tools: ToolHost | null = null;
    try {
      view = new Viewport(canvas, { onDrawn: () => tools?.draw() });
    } catch (error) {
      canvas.remove();
      if (error instanceof RuntimeLostError) setAbsent(error);
      else showError(studio, error);
      return;
    }
    const stage = bindStage(studio, view, host, () => setTiles(view.tiles()));
    tools = bindTools(studio, view, setHover);
    setStageHandle(stage.handle);
    setViewport(view);
    return () => {
      setStageHandle(null);
      setViewport(null);
      tools?.dispose();
      stage.unbind();
      view.dispose();
      canvas.remove();
    };
  }, [studio]);
  return (
    <div ref={ref} className={styles.host}>
      {absent && <AbsentView reason={absent} />}
      <TileLabels tiles={tiles} />
      {hover && <HoverTip hover={hover} />}
      {viewport && <ToolBar />}
      {viewport && <VolumeTools viewport={viewport} />}
      {mode === "space" && <FieldHost />}
    </div>
  );
}

/** In the place of the view, for as long as there is none: everything else goes on without it. */
function AbsentView({ reason }: { readonly reason: RuntimeLostError }) {
  return (
    <div role="alert" className={styles.absent}>
      <strong>{reason.message}</strong>
      <p>{reason.remedy}</p>
    </div>
  );
}
