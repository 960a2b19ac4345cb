import type { DepthTeller } from "../../domain/ports.ts";
import type { ReliefRequest } from "../../domain/space-field.ts";
import { openDepthTeller } from "../../workers/depth/open.ts";
import { findShippedPack } from "./pack.ts";
import { ortOf } from "./provider.ts";

let teller: Promise<DepthTeller | null> | undefined;

/**
 * What the depth network that ships tells of the points, for a request of their relief: nothing where none
 * ships. It is opened with the first call. Rejects with PackError where it is damaged.
 */
export async function shippedGuess(
  request: Pick<ReliefRequest, "tracks" | "anchorFrame" | "size">,
): Promise<Pick<ReliefRequest, "guess">> {
  teller ??= openShipped();
  const guess = await (await teller)?.tell(request);
  return guess ? { guess } : {};
}

async function openShipped(): Promise<DepthTeller | null> {
  const source = await findShippedPack("field");
  return source && openDepthTeller(source, await ortOf("wasm"));
}
