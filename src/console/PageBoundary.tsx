import { Component, type ReactNode } from 'react';
import { useTexts } from './language.ts';

/** When a page breaks, or its files are gone after an upgrade, the rest of the console still stands. */
export class PageBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const text = useTexts();
  return (
    <div className="panel empty" role="alert">
      <p>{text.broken}</p>
      <button type="button" className="plain-button" onClick={() => location.reload()}>
        {text.reload}
      </button>
    </div>
  );
}
