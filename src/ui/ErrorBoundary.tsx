import type { ContextType, ReactNode } from "react";
import { Component } from "react";
import { startFresh } from "../store/session/session.ts";
import { StudioContext } from "../store/studio.ts";
import { Button } from "./controls/Button.tsx";

interface State {
  readonly error: Error | null;
}

/** Keeps the page alive when drawing fails. The work lives in the store, so "Try again" finds it. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  static override contextType = StudioContext;
  declare context: ContextType<typeof StudioContext>;
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  readonly #startFresh = () => {
    if (this.context) void startFresh(this.context);
  };

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <div role="alert" style={{ maxWidth: 520, margin: "18vh auto", padding: 24 }}>
        <h1 style={{ fontSize: 20, marginBottom: 8 }}>The page could not be drawn</h1>
        <p style={{ color: "var(--text-2)", marginBottom: 16 }}>
          {error.message}. Your clip and forecast are still in memory.
        </p>
        <Button look="primary" onClick={() => this.setState({ error: null })}>
          Try again
        </Button>{" "}
        <Button onClick={this.#startFresh}>Start fresh</Button>
      </div>
    );
  }
}
