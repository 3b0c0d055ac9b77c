// Where and why a text is not a template. Mustache only says that it is not, often at the end of the text.

export type Break =
  | { kind: 'unclosed_tag' | 'delimiter'; offset: number }
  | { kind: 'unclosed_section' | 'unopened_section'; name: string; offset: number }
  | { kind: 'crossed_section'; name: string; open: string; offset: number };

interface OpenSection {
  name: string;
  offset: number;
}

/** The break that a closing tag makes, if it does not close the section opened last. */
function closeSection(open: OpenSection[], name: string, offset: number): Break | undefined {
  const last = open.pop();
  if (last === undefined) return { kind: 'unopened_section', name, offset };
  return last.name === name ? undefined : { kind: 'crossed_section', name, open: last.name, offset };
}

interface FoundTag {
  /** What follows the braces: the kind of tag. */
  sign: string;
  name: string;
  offset: number;
  /** Index after the tag; undefined when it is never closed. */
  end: number | undefined;
}

function nextTag(text: string, from: number): FoundTag | undefined {
  const start = /\{\{\s*([#^/{=]?)/g;
  start.lastIndex = from;
  const found = start.exec(text);
  if (found === null) return undefined;
  const [opening, sign = ''] = found;
  const braces = sign === '{' ? '}}}' : '}}';
  const close = text.indexOf(braces, start.lastIndex);
  const name = text.slice(found.index + opening.length, Math.max(close, 0)).trim();
  return { sign, name, offset: found.index, end: close < 0 ? undefined : close + braces.length };
}

/** The first thing that keeps `text` from being a template; call it only for a text that mustache refused. */
export function locateBreak(text: string): Break {
  const open: OpenSection[] = [];
  for (let tag = nextTag(text, 0); tag !== undefined; tag = nextTag(text, tag.end ?? text.length)) {
    const { sign, name, offset, end } = tag;
    if (sign === '=') return { kind: 'delimiter', offset };
    if (end === undefined) return { kind: 'unclosed_tag', offset };
    if (sign === '#' || sign === '^') open.push({ name, offset });
    const broken = sign === '/' ? closeSection(open, name, offset) : undefined;
    if (broken !== undefined) return broken;
  }
  const last = open.at(-1);
  return { kind: 'unclosed_section', name: last?.name ?? '', offset: last?.offset ?? 0 };
}
