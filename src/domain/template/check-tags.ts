// Findings about the tags and characters of a template: what would leave a placeholder in a message, or break it.
import type { Break } from './locate-break.ts';
import { everyNode, maxSectionDepth, type TemplateNode } from './parse.ts';
import { error, type Finding, type TemplatePlace } from './problem.ts';
import { findVariable, type MessageChannel, suggestVariable, templateVariables } from './variables.ts';

const cut = (name: string): string => (name.length > 40 ? `${name.slice(0, 40)}…` : name);

const visible = 'Braces that are no tag would be sent to the customer as they stand.';

/** The finding for a text that is no template at all. */
export function findBreak(broken: Break): Finding {
  const { kind, offset } = broken;
  switch (kind) {
    case 'delimiter':
      return refusedTag('delimiter', offset, '');
    case 'unclosed_tag':
      return error(offset, kind, 'A tag is opened and never closed.', visible, 'Close it with }}, or remove the {{.');
    case 'unclosed_section': {
      const name = cut(broken.name);
      const why = 'Nobody can tell which part of the text depends on it.';
      return error(offset, kind, `{{#${name}}} has no end.`, why, `Write {{/${name}}} where the part ends.`);
    }
    case 'unopened_section': {
      const name = cut(broken.name);
      const fix = `Write {{#${name}}} before the part, or remove it.`;
      return error(offset, kind, `{{/${name}}} has no beginning.`, 'It ends a part that was never begun.', fix);
    }
    case 'crossed_section': {
      const open = cut(broken.open);
      const why = `The part that is open here began with ${open}; parts must lie inside each other.`;
      return error(offset, kind, `{{/${cut(broken.name)}}} ends another part.`, why, `Write {{/${open}}} first.`);
    }
  }
}

const refused = {
  unescaped: {
    what: 'Triple braces and {{&…}} are not allowed.',
    why: 'They would put a value into an email unescaped, and with it whatever a customer wrote into a name.',
  },
  partial: {
    what: 'A template cannot include another one.',
    why: 'What is sent must be all here, to be kept as a version.',
  },
  delimiter: { what: 'The braces cannot be changed.', why: 'After such a tag, nobody could tell what else is one.' },
};

function refusedTag(tag: keyof typeof refused, offset: number, name: string): Finding {
  const { what, why } = refused[tag];
  const meant = tag === 'unescaped' ? suggestVariable(name) : undefined;
  const fix = meant === undefined ? 'Remove the tag.' : `Write {{${meant.name}}}.`;
  return error(offset, `${tag}_tag`, what, why, fix);
}

function findNameProblem(name: string, offset: number, channel: MessageChannel): Finding | undefined {
  const variable = findVariable(name);
  if (variable === undefined) {
    const meant = suggestVariable(name);
    const all = templateVariables.filter((v) => v.channels.includes(channel)).map((v) => v.name);
    const fix = meant === undefined ? `Use one of: ${all.join(', ')}.` : `Did you mean {{${meant.name}}}?`;
    const why = 'It would leave a hole in every message.';
    return error(offset, 'unknown_variable', `There is no variable "${cut(name)}".`, why, fix);
  }
  if (variable.channels.includes(channel)) return undefined;
  const why = `It is known for ${variable.channels.join(' and ')} only.`;
  const fix = channel === 'sms' ? 'Remove it; in an SMS, "Reply STOP to opt out" does its work.' : 'Remove it.';
  return error(offset, 'variable_of_other_channel', `{{${name}}} cannot be used here.`, why, fix);
}

/** Refused tags, unknown names and sections too deep. */
export function findTagProblems(nodes: readonly TemplateNode[], channel: MessageChannel): Finding[] {
  return [...everyNode(nodes)].flatMap((node): Finding[] => {
    if (node.kind === 'text') return [];
    if (node.kind === 'refused') return [refusedTag(node.tag, node.offset, node.name)];
    const findings = [findNameProblem(node.name, node.offset, channel)];
    if (node.kind === 'section' && node.depth === maxSectionDepth + 1) {
      const what = `Parts lie more than ${maxSectionDepth} deep inside each other.`;
      const why = 'Nobody can foresee what such a text says.';
      findings.push(error(node.offset, 'nested_too_deep', what, why, 'Write it flatter.'));
    }
    return findings.filter((finding) => finding !== undefined);
  });
}

// Other programs' placeholders, and ours mistyped. Words in square brackets count only when they name something we know.
const placeholder = /\{{1,2}\s*[\w.-]{1,60}\s*\}{1,2}|\[\s*([\w -]{1,60}?)\s*\]|%([a-z_]{3,60})%|\}\}/gi;

/** Braces and bracketed names in the text that were meant to be tags. */
export function findLeftPlaceholders(nodes: readonly TemplateNode[]): Finding[] {
  const texts = [...everyNode(nodes)].filter((node) => node.kind === 'text');
  return texts.flatMap(({ text, offset }) =>
    [...text.matchAll(placeholder)].flatMap((match): Finding[] => {
      const [whole, bracketed, percent] = match;
      const meant = suggestVariable(bracketed ?? percent ?? whole);
      if ((bracketed !== undefined || percent !== undefined) && meant === undefined) return [];
      const fix = meant === undefined ? 'Write it without braces.' : `Write {{${meant.name}}}.`;
      return [error(offset + match.index, 'placeholder_left', `${whole} is not a tag.`, visible, fix)];
    }),
  );
}

const badCharacters: { code: string; pattern: RegExp; places: TemplatePlace[]; what: string; why: string }[] = [
  {
    code: 'line_break',
    pattern: /[\t\r\n\u2028\u2029]/,
    places: ['subject'],
    what: 'The subject has a line break or a tab.',
    why: 'A subject is one line; a break in it could add a header to the email.',
  },
  {
    code: 'control_character',
    pattern: /[^\P{Cc}\t\r\n]/u,
    places: ['subject', 'body'],
    what: 'There is an invisible control character.',
    why: 'Databases, carriers and mail programs refuse it, or show a box.',
  },
  {
    code: 'half_character',
    pattern: /\p{Surrogate}/u,
    places: ['subject', 'body'],
    what: 'There is half a character, as a cut emoji leaves it.',
    why: 'It cannot be stored or sent.',
  },
  {
    code: 'direction_character',
    pattern: /[\u202a-\u202e\u2066-\u2069]/,
    places: ['subject', 'body'],
    what: 'There is an invisible character that turns the direction of the text.',
    why: 'It makes what follows read backwards. Hebrew and Arabic do not need it.',
  },
];

/** Characters that a message must not carry, each kind once. */
export function findBadCharacters(text: string, place: TemplatePlace): Finding[] {
  return badCharacters
    .filter(({ places }) => places.includes(place))
    .flatMap(({ code, pattern, what, why }) => {
      const offset = text.search(pattern);
      return offset < 0 ? [] : [error(offset, code, what, why, 'Delete it and type the text around it again.')];
    });
}
