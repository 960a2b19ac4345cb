import { PackError } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import { selfTest } from "../../engine/models/self-test.ts";
import type { LoadedPack } from "../pack/load.ts";
import type { OrtRunner } from "./ort-runner.ts";

/** The runner, once it gave the pack's golden numbers; otherwise it is disposed: PackError. */
export async function tested(runner: OrtRunner, pack: LoadedPack, job?: Job): Promise<OrtRunner> {
  if (!pack.goldens) return runner;
  const result = await failing(runner, () => selfTest(runner, pack.goldens ?? {}, job));
  if (result.ok) return runner;
  await runner.dispose();
  throw new PackError(
    `The pack ${pack.manifest.name} gives wrong numbers here: ${result.where} is off by ${result.worst.toPrecision(3)} × the tolerance`,
    "Load the pack again, or choose another one.",
  );
}

async function failing<T>(runner: OrtRunner, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await runner.dispose();
    throw error;
  }
}
