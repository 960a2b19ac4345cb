import { PackError } from "../../domain/errors.ts";
import { SUBJECT_SIDE, subjectInput, subjectMask } from "../../engine/picture/subject.ts";
import type { Handlers } from "../channel/server.ts";
import type { SubjectOperations } from "./protocol.ts";

/** Runs the network once: its input [1,3,320,320] in, its first output [1,1,320,320] out. */
export type RunSubjectNetwork = (model: Uint8Array, input: Float32Array) => Promise<Float32Array>;

export function subjectHandlers(run: RunSubjectNetwork): Handlers<SubjectOperations> {
  return {
    async find({ picture, modelUrl }) {
      const reply = await fetch(modelUrl).catch(() => null);
      if (!reply?.ok) {
        throw new PackError(
          "What finds the subject could not be loaded",
          "Try again when the studio's own address can be reached, or paint the layer by hand.",
        );
      }
      const model = new Uint8Array(await reply.arrayBuffer());
      const saliency = await run(model, subjectInput(picture));
      if (saliency.length !== SUBJECT_SIDE * SUBJECT_SIDE) {
        throw new PackError("What finds the subject is another network", "Build the studio again.");
      }
      return subjectMask(saliency);
    },
  };
}
