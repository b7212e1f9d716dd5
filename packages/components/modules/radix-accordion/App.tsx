import * as Accordion from '@radix-ui/react-accordion';

const items = [
  ['item-1', 'Is it accessible?', 'Yes. It adheres to the WAI-ARIA design pattern.'],
  ['item-2', 'Is it unstyled?', "Yes. It's unstyled by default, giving you freedom over the look and feel."],
  ['item-3', 'Can it be animated?', 'Yes! You can animate the Accordion with CSS or JavaScript.'],
] as const;

export default function App() {
  return (
    <Accordion.Root className="AccordionRoot" type="single" defaultValue="item-1" collapsible>
      {items.map(([value, question, answer]) => (
        <Accordion.Item key={value} className="AccordionItem" value={value}>
          <Accordion.Header className="AccordionHeader">
            {/* What the component prevents at these keys is declared: the page would scroll. */}
            <Accordion.Trigger className="AccordionTrigger" listen={{ onKeyDown: { preventDefault: 'ArrowDown ArrowUp Home End' } }}>
              {question}
            </Accordion.Trigger>
          </Accordion.Header>
          <Accordion.Content className="AccordionContent">
            <div className="AccordionContentText">{answer}</div>
          </Accordion.Content>
        </Accordion.Item>
      ))}
    </Accordion.Root>
  );
}
