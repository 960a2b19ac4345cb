/** The keeping of a session while it goes on. */
export interface RunningSession {
  /** Ends the keeping and forgets what is kept. Never rejects. */
  forget(): Promise<void>;
}
