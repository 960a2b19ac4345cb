/** Base of every failure that a user meets. `message` says what happened, `remedy` what to do. */
export class ForetrackError extends Error {
  override readonly name: string = "ForetrackError";
  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The file is not a clip or picture that can be read. */
export class MediaError extends ForetrackError {
  override readonly name = "MediaError";
}

/** A track, forecast or document file does not hold what its format promises. */
export class FormatError extends ForetrackError {
  override readonly name = "FormatError";
}

/** A model pack is missing, altered or cannot run here. */
export class PackError extends ForetrackError {
  override readonly name = "PackError";
}

/** A worker or device stopped; the work that the user made is untouched. */
export class RuntimeLostError extends ForetrackError {
  override readonly name = "RuntimeLostError";
}

/** The user cancelled. Not a failure: never shown as one. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
  constructor() {
    super("Cancelled");
  }
}

export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly remedy?: string;
}

/** Errors cross worker boundaries as data and keep their class. */
export function serializeError(error: unknown): SerializedError {
  if (error instanceof ForetrackError) {
    return { name: error.name, message: error.message, remedy: error.remedy };
  }
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: "Error", message: String(error) };
}

const CLASSES = { MediaError, FormatError, PackError, RuntimeLostError, ForetrackError } as const;

export function deserializeError(data: SerializedError): Error {
  if (data.name === "CancelledError" || data.name === "AbortError") return new CancelledError();
  const Class = CLASSES[data.name as keyof typeof CLASSES];
  if (Class) return new Class(data.message, data.remedy ?? "");
  const error = new Error(data.message);
  error.name = data.name;
  return error;
}

/** True for our own cancellation and for the platform's abort errors. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Error && (error.name === "CancelledError" || error.name === "AbortError");
}
