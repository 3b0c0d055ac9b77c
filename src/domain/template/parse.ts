// A template's text as a tree. Mustache decides what is a tag; its renderer is not used, because its look-up of names
// walks prototypes (`first_name.length`) and breaks on `hasOwnProperty`, and its cache of texts never forgets.
import Mustache from 'mustache';
import { type Break, locateBreak } from './locate-break.ts';

/** Of a template's text, in code points, as the database counts. */
export const maxTemplateCharacters = 10_000;
export const maxSectionDepth = 4;

export type TemplateNode =
  | { kind: 'text'; text: string; offset: number }
  | { kind: 'variable'; name: string; offset: number }
  | { kind: 'section'; name: string; inverted: boolean; children: TemplateNode[]; depth: number; offset: number }
  /** Tags of mustache that a template must not use. */
  | { kind: 'refused'; tag: 'unescaped' | 'partial' | 'delimiter'; name: string; offset: number };

export type ParsedTemplate = { ok: true; nodes: TemplateNode[] } | { ok: false; broken: Break };

type Span = ReturnType<typeof Mustache.parse>[number];

const writer = Object.assign(new Mustache.Writer(), { templateCache: undefined });

function toNodes(spans: readonly Span[], depth: number): TemplateNode[] {
  return spans.flatMap((span): TemplateNode[] => {
    const [type, name, offset, , children] = span;
    switch (type) {
      case 'text':
        return [{ kind: 'text', text: name, offset }];
      case 'name':
        return [{ kind: 'variable', name, offset }];
      case '#':
      case '^': {
        const inside = Array.isArray(children) ? toNodes(children, depth + 1) : [];
        return [{ kind: 'section', name, inverted: type === '^', children: inside, depth, offset }];
      }
      case '&':
        return [{ kind: 'refused', tag: 'unescaped', name, offset }];
      case '>':
        return [{ kind: 'refused', tag: 'partial', name, offset }];
      case '=':
        return [{ kind: 'refused', tag: 'delimiter', name, offset }];
      default:
        return [];
    }
  });
}

/** Whether a text is longer than a template may be. Counts code points only where they can make a difference. */
export function isTooLong(text: string): boolean {
  if (text.length <= maxTemplateCharacters) return false;
  return text.length > 2 * maxTemplateCharacters || [...text].length > maxTemplateCharacters;
}

/**
 * Parses the text of a subject or body, which must not be longer than {@link maxTemplateCharacters}.
 * Comments, and lines that hold nothing but section tags, leave no node.
 */
export function parseTemplate(text: string): ParsedTemplate {
  try {
    const spans: Span[] = writer.parse(text, ['{{', '}}']);
    return { ok: true, nodes: toNodes(spans, 1) };
  } catch {
    return { ok: false, broken: locateBreak(text) };
  }
}

/** All nodes in the order of the text, sections before what is in them. */
export function* everyNode(nodes: readonly TemplateNode[]): Generator<TemplateNode> {
  for (const node of nodes) {
    yield node;
    if (node.kind === 'section') yield* everyNode(node.children);
  }
}
