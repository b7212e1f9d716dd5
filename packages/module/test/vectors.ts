/** `protocol/vectors/streams.json` and its JSON form of operations. */

import { readFileSync } from 'node:fs';
import { Command, Op, Property } from '../src/ops';
import { type DecodedOp, type StreamWriter } from '../src/stream';

export type Name = string | [string, number];
export type JsonOp = [string, ...unknown[]];

export interface Vectors {
  accepted: { name: string; ops: JsonOp[]; hex: string; readOnly?: boolean }[];
  refused: { name: string; hex: string; error: string }[];
}

export function readVectors(): Vectors {
  return JSON.parse(readFileSync('protocol/vectors/streams.json', 'utf8')) as Vectors;
}

/** A decoder's operations in JSON form. */
export function toJson(ops: DecodedOp[]): JsonOp[] {
  const names = new Map<number, Name>();
  const propertyNames = invert(Property);
  const commandNames = invert(Command);
  return ops.map(({ op, aux, args: a }): JsonOp => {
    const name = names.get(aux) ?? `undefined name ${aux}`;
    switch (op) {
      case Op.Name:
        names.set(aux, a[0] === 0 ? (a[1] as string) : [a[1] as string, a[0] as number]);
        return ['name', aux, a[0], a[1]];
      case Op.Create:
        return ['create', a[0], name];
      case Op.Text:
        return ['text', a[0], a[1]];
      case Op.Comment:
        return ['comment', a[0], a[1]];
      case Op.SetText:
        return ['setText', a[0], a[1]];
      case Op.Attribute:
        return ['attr', a[0], name, a[1]];
      case Op.RemoveAttribute:
        return ['attr', a[0], name, null];
      case Op.Property:
        return ['prop', a[0], propertyNames[aux], a.length > 3 ? [a[2], a[3]] : a[2], a[1]];
      case Op.Insert:
        return ['insert', a[0], a[1], a[2]];
      case Op.Detach:
        return ['detach', a[0]];
      case Op.Remove:
        return ['remove', a[0]];
      case Op.Listen:
        return a.length > 2 ? ['listen', a[0], name, a[1], a[2]] : ['listen', a[0], name, a[1]];
      case Op.Unlisten:
        return ['unlisten', a[0], name];
      case Op.Call:
        return ['call', a[0], commandNames[aux]];
      case Op.Template:
        return ['template', aux];
      case Op.Open:
        return ['open', a[0], name];
      case Op.OpenAttribute:
        return ['openAttr', name, a[0]];
      case Op.OpenText:
        return ['openText', a[0], a[1], aux];
      case Op.OpenComment:
        return ['openComment', a[0], a[1]];
      case Op.Close:
        return ['close'];
      case Op.Clone:
        return ['clone', aux, a];
      case Op.Slot:
        return ['slot', a[0], a[1]];
      case Op.Tree:
        return ['tree', a[0], aux];
      case Op.Status:
        return ['status', a[0], aux, a[1]];
      default:
        throw new Error(`operation ${op}`);
    }
  });
}

/** Writes operations in JSON form. */
export function writeJson(writer: StreamWriter, ops: JsonOp[]): void {
  const ids = new Map<string, number>();
  const id = (name: unknown): number => ids.get(JSON.stringify(name))!;
  for (const [kind, ...a] of ops as [string, ...never[]][]) {
    switch (kind) {
      case 'name':
        ids.set(JSON.stringify(a[1] === 0 ? a[2] : [a[2], a[1]]), a[0]!);
        writer.emit(Op.Name, a[0]!, a[1]!, a[2]!);
        break;
      case 'create':
        writer.emit(Op.Create, id(a[1]), a[0]!);
        break;
      case 'text':
        writer.emit(Op.Text, 0, a[0]!, a[1]!);
        break;
      case 'comment':
        writer.emit(Op.Comment, 0, a[0]!, a[1]!);
        break;
      case 'setText':
        writer.emit(Op.SetText, 0, a[0]!, a[1]!);
        break;
      case 'attr':
        if (a[2] === null) writer.emit(Op.RemoveAttribute, id(a[1]), a[0]!);
        else writer.emit(Op.Attribute, id(a[1]), a[0]!, a[2]!);
        break;
      case 'prop':
        writer.emit(Op.Property, Property[a[1]!], a[0]!, a[3]!, ...[a[2]!].flat());
        break;
      case 'insert':
        writer.emit(Op.Insert, 0, a[0]!, a[1]!, a[2]!);
        break;
      case 'detach':
        writer.emit(Op.Detach, 0, a[0]!);
        break;
      case 'remove':
        writer.emit(Op.Remove, 0, a[0]!);
        break;
      case 'listen':
        writer.emit(Op.Listen, id(a[1]), a[0]!, ...a.slice(2));
        break;
      case 'unlisten':
        writer.emit(Op.Unlisten, id(a[1]), a[0]!);
        break;
      case 'call':
        writer.emit(Op.Call, Command[a[1]!], a[0]!);
        break;
      case 'template':
        writer.emit(Op.Template, a[0]!, 0);
        break;
      case 'open':
        writer.emit(Op.Open, id(a[1]), a[0]!);
        break;
      case 'openAttr':
        writer.emit(Op.OpenAttribute, id(a[0]), a[1]!);
        break;
      case 'openText':
        writer.emit(Op.OpenText, a[2]!, a[0]!, a[1]!);
        break;
      case 'openComment':
        writer.emit(Op.OpenComment, 0, a[0]!, a[1]!);
        break;
      case 'close':
        writer.emit(Op.Close, 0);
        break;
      case 'clone':
        writer.emit(Op.Clone, a[0]!, ...(a[1]! as number[]));
        break;
      case 'slot':
        writer.emit(Op.Slot, 0, a[0]!, a[1]!);
        break;
      case 'tree':
        writer.emit(Op.Tree, a[1]!, a[0]!);
        break;
      case 'status':
        writer.emit(Op.Status, a[1]!, a[0]!, a[2]!);
        break;
      default:
        throw new Error(`operation ${kind}`);
    }
  }
}

export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

function invert(words: Record<string, number>): string[] {
  const inverted: string[] = [];
  for (const [word, number] of Object.entries(words)) inverted[number] = word;
  return inverted;
}
