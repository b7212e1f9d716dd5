import { Component, useEffect, useState, type ReactNode } from 'react';

class Boundary extends Component<{ name: string; children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <p className="failed">{this.props.name}: {error.message} <button id={this.props.name === 'outer' ? 'reset' : 'reset-inner'} onClick={() => this.setState({ error: null })}>reset</button></p>;
  }
}

function Fragile({ broken, n }: { broken: string; n: number }) {
  useEffect(() => {
    if (broken === 'effect') throw new Error('an effect broke');
  });
  if (broken === 'render') throw new Error('a rendering broke');
  return <><b>fine {n}</b><i>still</i></>;
}

function Inner({ broken }: { broken: boolean }) {
  if (broken) throw new Error('the inner one broke');
  return <u>inner</u>;
}

export default function ErrorBoundary() {
  const [n, setN] = useState(0);
  const [broken, setBroken] = useState('');
  const [inner, setInner] = useState(false);
  return (
    <>
      <button id="count" onClick={() => setN(n + 1)}>count {n}</button>
      <button id="break-render" onClick={() => setBroken('render')}>break rendering</button>
      <button id="break-effect" onClick={() => setBroken('effect')}>break an effect</button>
      <button id="inner" onClick={() => { setBroken(''); setInner(true); }}>break the inner one</button>
      <button id="mend" onClick={() => { setBroken(''); setInner(false); }}>mend</button>
      <div onClickCapture={() => setBroken('')}>
        <Boundary name="outer">
          <Fragile broken={broken} n={n} />
          <Boundary name="inner"><Inner broken={inner} /></Boundary>
          <p>beside {n}</p>
        </Boundary>
      </div>
      <p>outside {n}</p>
    </>
  );
}
