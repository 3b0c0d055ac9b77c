// What an author hears about a template before anybody receives it. Publishing and saving refuse what has an error here.

import { findMessageProblems, type TemplatePurpose } from './check-message.ts';
import { findBadCharacters, findBreak, findLeftPlaceholders, findTagProblems } from './check-tags.ts';
import { isTooLong, maxTemplateCharacters, parseTemplate } from './parse.ts';
import { error, type Finding, type TemplatePlace, type TemplateProblem } from './problem.ts';
import type { MessageChannel } from './variables.ts';

const maxSubjectCharacters = 300;

export interface TemplateDraft {
  channel: MessageChannel;
  /** Of an email; an SMS has none. */
  subject?: string | null;
  body: string;
  /** What the message is for; a first message has more to say. Default `other`. */
  purpose?: TemplatePurpose;
}

export interface TemplateCheck {
  /** True when there is no error; warnings may remain. */
  ok: boolean;
  /** In the order of the text, the subject first. */
  problems: TemplateProblem[];
}

/** Line and column, both from 1. A line break of any kind begins a line. */
function positionOf(text: string, offset: number): { line: number; column: number } {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function placed(findings: readonly Finding[], place: TemplatePlace, text: string): TemplateProblem[] {
  return findings
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, ...finding }) => ({ ...finding, place, ...positionOf(text, offset) }));
}

function findTextProblems(text: string, draft: TemplateDraft, place: TemplatePlace): Finding[] {
  const longest = place === 'subject' ? maxSubjectCharacters : maxTemplateCharacters;
  if (isTooLong(text) || (place === 'subject' && [...text].length > longest)) {
    const why = `A ${place} may have ${longest} characters; this one has ${text.length}.`;
    return [error(0, 'too_long', `The ${place} is too long.`, why, 'Shorten it.')];
  }
  const bad = findBadCharacters(text, place);
  const parsed = parseTemplate(text);
  if (!parsed.ok) return [...bad, findBreak(parsed.broken)];
  const tags = [...bad, ...findTagProblems(parsed.nodes, draft.channel), ...findLeftPlaceholders(parsed.nodes)];
  // What the message says is only looked at when it can be rendered.
  if (tags.length > 0) return tags;
  return findMessageProblems(parsed.nodes, { place, channel: draft.channel, purpose: draft.purpose ?? 'other' });
}

function checkSubject(draft: TemplateDraft): TemplateProblem[] {
  const subject = draft.subject ?? null;
  if (draft.channel === 'email') {
    return subject === null
      ? placed(
          [error(0, 'subject_missing', 'The email has no subject.', 'Every email needs one.', 'Write a subject.')],
          'subject',
          '',
        )
      : placed(findTextProblems(subject, draft, 'subject'), 'subject', subject);
  }
  if (subject === null) return [];
  const fix = 'Leave the subject out, and say in the text what matters.';
  return placed(
    [error(0, 'subject_on_sms', 'The SMS has a subject.', 'A text message cannot carry one.', fix)],
    'subject',
    '',
  );
}

/**
 * Checks a template as its author writes it: tags, variables, characters and lengths, and what law and carriers ask of
 * the wording. Pure; never throws for texts.
 */
export function checkTemplate(draft: TemplateDraft): TemplateCheck {
  const problems = [...checkSubject(draft), ...placed(findTextProblems(draft.body, draft, 'body'), 'body', draft.body)];
  return { ok: problems.every(({ severity }) => severity === 'warning'), problems };
}
