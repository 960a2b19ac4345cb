import { useStudio } from "../../store/studio.ts";
import { OVERLAYS, settingOf } from "../../viewport/layers/list.ts";
import type { Overlay } from "../../viewport/layers/overlay.ts";
import { SelectField } from "../controls/Field.tsx";
import { Check } from "../controls/Panel.tsx";
import { gradient } from "./gradient.ts";
import { overlayGap } from "./overlayGap.ts";
import styles from "./view.module.css";

/** The overlays that are on or off. */
export function OverlayChecks() {
  return (
    <div className={styles.layers}>
      {OVERLAYS.filter(({ choices }) => !choices).map((overlay) => (
        <OverlayCheck key={overlay.id} overlay={overlay} />
      ))}
    </div>
  );
}

/** The overlays that can be shown in several ways. */
export function OverlayChoices() {
  return OVERLAYS.filter(({ choices }) => choices).map((overlay) => (
    <OverlayChoice key={overlay.id} overlay={overlay} />
  ));
}

function OverlayCheck({ overlay }: { readonly overlay: Overlay }) {
  const setLayer = useStudio((s) => s.setLayer);
  const isOn = useStudio((s) => settingOf(s.view.layers, overlay) !== "off");
  const isThere = useStudio((s, studio) => overlayGap(s, studio, overlay, "on") === null);
  const { legend } = overlay;
  return (
    <Check
      label={overlay.label}
      {...(legend.kind === "swatch" ? { swatch: legend.colour } : {})}
      checked={isOn && isThere}
      disabled={!isThere}
      onChange={(checked) => setLayer(overlay.id, checked ? "on" : "off")}
    />
  );
}

function OverlayChoice({ overlay }: { readonly overlay: Overlay }) {
  const setLayer = useStudio((s) => s.setLayer);
  const setting = useStudio((s) => settingOf(s.view.layers, overlay));
  const gap = useStudio((s, studio) => overlayGap(s, studio, overlay, setting));
  const { legend } = overlay;
  return (
    <>
      <SelectField
        label={overlay.label}
        value={setting}
        options={{ off: "None", ...overlay.choices }}
        onChange={(next) => setLayer(overlay.id, next)}
      />
      {gap && <p className={styles.hint}>{gap}</p>}
      {setting !== "off" && !gap && legend.kind === "ramp" && (
        <div className={styles.legend}>
          <span>{legend.low}</span>
          <i
            className={styles.ramp}
            style={{ background: `linear-gradient(90deg, ${gradient(legend.colourOf, 1)})` }}
            aria-hidden="true"
          />
          <span>{legend.high}</span>
        </div>
      )}
    </>
  );
}
