import { Component, type ReactNode } from "react";

import { Failed } from "./States";

interface BoundaryProps {
  title: string;
  detail: string;
  children: ReactNode;
}

/** Stands in for a screen that broke, such as one whose script cannot be had any more. */
export class Boundary extends Component<BoundaryProps, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return <Failed title={this.props.title} detail={this.props.detail} onRetry={() => location.reload()} />;
  }
}
