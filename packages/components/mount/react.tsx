import { components } from '#components';
import { createRoot } from 'react-dom/client';

function Chosen() {
  const Component = components[location.pathname.slice(1)] ?? Object.values(components)[0]!;
  return <Component />;
}

createRoot(document.getElementById('root')!).render(<Chosen />);
