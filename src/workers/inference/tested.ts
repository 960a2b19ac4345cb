import { PackError } from "../../domain/errors.ts";
import { selfTest } from "../../engine/flow/self-test.ts";
import type { LoadedPack } from "../pack/load.ts";
import type { OrtRunner } from "./ort-runner.ts";

/** The runner, once it gave the pack's golden numbers; otherwise it is disposed: PackError. */
export async function tested(runner: OrtRunner, pack: LoadedPack): Promise<OrtRunner> {
  if (!pack.goldens) return runner;
  const result = await selfTest(runner, pack.goldens);
  if (result.ok) return runner;
  await runner.dispose();
  throw new PackError(
    `The pack ${pack.manifest.name} gives wrong numbers here: ${result.where} is off by ${result.worst.toPrecision(3)} × the tolerance`,
    "Load the pack again, or choose another one.",
  );
}
