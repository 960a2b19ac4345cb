import { RuntimeLostError } from "../../../domain/errors.ts";
import { SilenceWatch } from "../../channel/silence.ts";

/** Without a picture, a packet or bytes of the file for this long nothing will come any more. */
const STALL_MILLIS = 3000;

const watches = new Set<SilenceWatch>();
let hearing = false;

/** A sign of life: bytes or packets came in, or a picture came out. */
export function progressed(): void {
  for (const watch of watches) watch.heard();
}

/**
 * `work`'s result; rejects with RuntimeLostError once it has not progressed for about three seconds.
 * Damaged files can make the browser's decoders wait for ever without an error.
 */
export function unlessStalled<T>(work: Promise<T>): Promise<T> {
  hearDecoders();
  return new Promise((resolve, reject) => {
    const watch = new SilenceWatch(() => {
      reject(new RuntimeLostError("The browser’s decoder stands still.", "Open the clip again."));
    });
    watches.add(watch);
    watch.listen(STALL_MILLIS);
    work.then(resolve, reject).finally(() => {
      watch.stop();
      watches.delete(watch);
    });
  });
}

/**
 * Most pictures that a decoder gives out on its way to a wanted one are dropped inside mediabunny,
 * which makes its decoders itself; each is progress all the same.
 */
function hearDecoders(): void {
  if (hearing) return;
  hearing = true;
  self.VideoDecoder = class extends VideoDecoder {
    constructor({ output, error }: VideoDecoderInit) {
      super({
        error,
        output: (frame) => {
          progressed();
          output(frame);
        },
      });
    }
  };
}
