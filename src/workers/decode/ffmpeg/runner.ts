/** What ffmpeg writes while it runs. Bytes are only valid during the call. */
export interface FfmpegOutput {
  onBytes?: (chunk: Uint8Array) => void;
  onErrorLine?: (line: string) => void;
}

/** Runs one ffmpeg command on one opened file, wherever ffmpeg lives. */
export interface FfmpegRunner {
  /** What the command line calls the file. */
  readonly input: string;
  /** Resolves to the exit code. Rejects with CancelledError after it has stopped the work. */
  run(
    tool: "ffmpeg" | "ffprobe",
    args: readonly string[],
    output: FfmpegOutput,
    signal?: AbortSignal,
  ): Promise<number>;
}
