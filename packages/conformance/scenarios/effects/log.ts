/** What happened since it was taken last. */
let lines: string[] = [];

export const say = (line: string): void => void lines.push(line);

export function take(): string[] {
  const taken = lines;
  lines = [];
  return taken;
}
