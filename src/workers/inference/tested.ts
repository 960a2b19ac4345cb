import { PackError } from "../../domain/errors.ts";
import type { Job } from "../../domain/job.ts";
import { packIdentity } from "../../domain/pack/identity.ts";
import { selfTest } from "../../engine/models/self-test.ts";
import type { LoadedPack } from "../pack/load.ts";
import type { OrtRunner } from "./ort-runner.ts";
import type { PassedTests } from "./passed-tests.ts";

/**
 * The runner, once it gave the pack's golden numbers, now or, as far as `passed` knows, at an earlier
 * visit; otherwise it is disposed: PackError.
 */
export async function tested(
  runner: OrtRunner,
  pack: LoadedPack,
  job?: Job,
  passed?: PassedTests,
): Promise<OrtRunner> {
  const { goldens, manifest } = pack;
  const identity = packIdentity(manifest);
  if (!goldens || (await passed?.has(identity))) return runner;
  const result = await failing(runner, () => selfTest(runner, goldens, job));
  if (result.ok) {
    await passed?.add(identity);
    return runner;
  }
  await runner.dispose();
  throw new PackError(
    `The pack ${manifest.name} gives wrong numbers here: ${result.where} is off by ${result.worst.toPrecision(3)} × the tolerance`,
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
