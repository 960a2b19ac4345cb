import { type PackInspection, type Verdict, wasmTestSecs } from "../../domain/pack/needs.ts";
import { cancelLoad, dropCandidate, loadCandidate } from "../../store/actions/models.ts";
import type { PackCandidate, PackLoad } from "../../store/slices/modelsSlice.ts";
import { useStudioObject } from "../../store/studio.ts";
import { Button } from "../controls/Button.tsx";
import { formatBytes, formatSecs } from "../status/words.ts";
import styles from "./models.module.css";

/** A pack on its way: what it needs of this machine, then a bar for each file. */
export function CandidateCard({ candidate }: { readonly candidate: PackCandidate }) {
  const studio = useStudioObject();
  const { source, inspection, load, problem } = candidate;
  const fits =
    inspection !== null &&
    (inspection.webgpu.missing.length === 0 || inspection.wasm.missing.length === 0);
  return (
    <div className={styles.card}>
      <p>
        <strong>{inspection?.manifest.name ?? source}</strong>
        {!inspection && !problem && ": reading its manifest…"}
      </p>
      {inspection && !load && <Needs inspection={inspection} />}
      {load && <Progress load={load} />}
      {problem && (
        <p role="alert" className={styles.problem}>
          <strong>{problem.message}</strong> {problem.remedy}
        </p>
      )}
      <div className={styles.buttons}>
        {load ? (
          <Button onClick={() => cancelLoad(studio)}>Cancel</Button>
        ) : (
          <>
            <Button onClick={() => dropCandidate(studio)}>Choose another</Button>
            {inspection && (
              <Button look="primary" disabled={!fits} onClick={() => void loadCandidate(studio)}>
                {problem ? "Load again" : "Load"}
              </Button>
            )}
          </>
        )}
      </div>
    </div>
  );
}

/** A shorter self-test needs no warning. */
const LONG_TEST_SECS = 15;

function Needs({ inspection }: { readonly inspection: PackInspection }) {
  const { manifest, needs, gpu, webgpu, wasm } = inspection;
  const gflops = manifest.graphs.velocity?.gflops;
  const testSecs = wasmTestSecs(manifest);
  return (
    <table className={styles.needs}>
      <tbody>
        <tr>
          <th scope="row">Download</th>
          <td>
            {formatBytes(needs.downloadBytes)} in {manifest.files.length} files,{" "}
            {needs.halfPrecision ? "16-bit weights" : "32-bit weights"}, {manifest.licence}
          </td>
        </tr>
        <VerdictRow name="WebGPU" verdict={webgpu} detail={webgpu.missing.length ? "" : gpu} />
        <VerdictRow name="WebAssembly" verdict={wasm} detail="one graph open at a time" />
        {gflops !== undefined && (
          <tr>
            <th scope="row">One step</th>
            <td>
              {gflops.toPrecision(3)} GFLOP; {manifest.offers.sampler?.defaults.steps ?? 1} steps by
              default
            </td>
          </tr>
        )}
        {testSecs > LONG_TEST_SECS && wasm.missing.length === 0 && (
          <tr>
            <th scope="row">Self-test</th>
            <td>on loading; in WebAssembly about {formatSecs(testSecs)} on two cores</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

interface VerdictRowProps {
  readonly name: string;
  readonly verdict: Verdict;
  readonly detail: string;
}

function VerdictRow({ name, verdict: { bytes, missing }, detail }: VerdictRowProps) {
  const fits = missing.length === 0;
  return (
    <tr data-fits={fits}>
      <th scope="row">{name}</th>
      <td>
        about {formatBytes(bytes)}: <em>{fits ? "fits" : missing.join("; ")}</em>
        {fits && detail && `, ${detail}`}
      </td>
    </tr>
  );
}

function Progress({ load: { words, done, total, files } }: { readonly load: PackLoad }) {
  return (
    <>
      <label className={styles.bar}>
        <span aria-live="polite">{words}</span>
        <progress max={total || 1} {...(total > 0 ? { value: done } : {})} />
      </label>
      <ul className={styles.files} aria-label="Files of the pack">
        {files.map((file) => (
          <li key={file.name}>
            <label className={styles.bar}>
              <span>{file.name}</span>
              <progress max={file.total || 1} value={file.done} />
              <small>
                {file.done === file.total || file.total === 0
                  ? formatBytes(file.done)
                  : `${formatBytes(file.done)} of ${formatBytes(file.total)}`}
              </small>
            </label>
          </li>
        ))}
      </ul>
    </>
  );
}
