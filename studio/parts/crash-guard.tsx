import { Component, type ReactNode } from "react";
import { Failure } from "./states.js";

interface State {
  readonly error: Error | undefined;
}

/** Shows what went wrong in a page, in the place of an empty screen. */
export class CrashGuard extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return <Failure error={error} retry={() => this.setState({ error: undefined })} />;
  }
}
