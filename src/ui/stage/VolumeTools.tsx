import { useStudio } from "../../store/studio.ts";
import type { CameraPreset } from "../../viewport/options.ts";
import type { Viewport } from "../../viewport/viewport.ts";
import { Button } from "../controls/Button.tsx";
import styles from "./stage.module.css";
import { stageView } from "./stageViews.ts";

const PRESETS: readonly { readonly preset: CameraPreset; readonly label: string }[] = [
  { preset: "isometric", label: "Isometric" },
  { preset: "front", label: "Front" },
  { preset: "side", label: "Side" },
  { preset: "top", label: "Top" },
];

/** Degrees and zoom of one press. */
const TURN = 12;
const ZOOM = 1.15;

/** Where to look from, for those who do not drag: presets, turns and zoom as buttons. */
export function VolumeTools({ viewport }: { readonly viewport: Viewport }) {
  const orbits = useStudio((s) => stageView(s.view.mode).orbits);
  if (!orbits) return <FlatTools viewport={viewport} />;
  return (
    <div className={`${styles.volumeTools} ${styles.orbitTools}`}>
      {PRESETS.map(({ preset, label }) => (
        <Button key={preset} look="quiet" onClick={() => viewport.showPreset(preset)}>
          {label}
        </Button>
      ))}
      <i />
      <Button look="quiet" aria-label="Turn left" onClick={() => viewport.nudgeCamera(-TURN, 0)}>
        ←
      </Button>
      <Button look="quiet" aria-label="Turn right" onClick={() => viewport.nudgeCamera(TURN, 0)}>
        →
      </Button>
      <Button look="quiet" aria-label="Tilt up" onClick={() => viewport.nudgeCamera(0, -TURN)}>
        ↑
      </Button>
      <Button look="quiet" aria-label="Tilt down" onClick={() => viewport.nudgeCamera(0, TURN)}>
        ↓
      </Button>
      <Button
        look="quiet"
        aria-label="Zoom in"
        onClick={() => viewport.nudgeCamera(0, 0, 1 / ZOOM)}
      >
        +
      </Button>
      <Button look="quiet" aria-label="Zoom out" onClick={() => viewport.nudgeCamera(0, 0, ZOOM)}>
        −
      </Button>
    </div>
  );
}

/** Enlarging the flat picture, for those who neither turn a wheel nor pinch. */
function FlatTools({ viewport }: { readonly viewport: Viewport }) {
  return (
    <div className={styles.volumeTools}>
      <Button look="quiet" aria-label="Zoom in" onClick={() => viewport.zoomFlat(ZOOM ** 2)}>
        +
      </Button>
      <Button look="quiet" aria-label="Zoom out" onClick={() => viewport.zoomFlat(ZOOM ** -2)}>
        −
      </Button>
      <Button look="quiet" title="Show the whole picture" onClick={() => viewport.zoomFlat(0)}>
        Fit
      </Button>
    </div>
  );
}
