// Findings about what a message says, judged on every message a customer could get: with and without each value that may
// be missing. The wording rules are those of carriers, the FTC and Google; each finding says which.
import { smsSegments } from '../segments.ts';
import { everyNode, type TemplateNode } from './parse.ts';
import { error, type Finding, TemplateError, type TemplatePlace } from './problem.ts';
import { renderNodes } from './render.ts';
import { findVariable, type MessageChannel, type TemplateValues, templateVariables } from './variables.ts';

/** More segments than this are worth a warning. */
const maxSmsSegments = 2;

/** What carriers' gateways take at most. */
const maxSmsCharacters = 1600;

export type TemplatePurpose = 'first' | 'reminder' | 'last_note' | 'other';

export interface MessageFacts {
  place: TemplatePlace;
  channel: MessageChannel;
  purpose: TemplatePurpose;
}

const examples: TemplateValues = Object.fromEntries(templateVariables.map(({ name, example }) => [name, example]));

/** Every message the template can become, as far as missing values decide: one per set of optional names, at most 2⁵. */
function everyMessage(nodes: readonly TemplateNode[]): string[] {
  const named = [...everyNode(nodes)].flatMap((node) => (node.kind === 'text' ? [] : [node.name]));
  const optional = [...new Set(named)].filter((name) => findVariable(name)?.always === false);
  const cases = Array.from({ length: 2 ** optional.length }, (_, number) =>
    optional.filter((_name, index) => Math.floor(number / 2 ** index) % 2 === 1),
  );
  return cases.map((missing) => {
    const without = Object.fromEntries(missing.map((name) => [name, '']));
    return renderNodes(nodes, { ...examples, ...without }, { escape: 'none' });
  });
}

function tooLongFilled(place: TemplatePlace): Finding {
  const why = 'Its variables make more of it than can be sent.';
  return error(0, 'too_long_filled', `With usual values the ${place} is too long.`, why, 'Use fewer variables.');
}

/** A text that says nothing, always or when values are missing. */
function findMissing(messages: readonly string[], nodes: readonly TemplateNode[], place: TemplatePlace): Finding[] {
  if (messages.every((message) => message.trim() !== '')) return [];
  if (nodes.every((node) => node.kind === 'text')) {
    return [error(0, 'empty', `The ${place} is empty.`, 'There is nothing to send.', `Write the ${place}.`)];
  }
  const why = 'All it says depends on values that some customers do not have.';
  const fix = 'Add words that always appear, for example {{^first_name}}Hello,{{/first_name}}.';
  return [error(0, 'empty_without_value', `The ${place} can come out empty.`, why, fix)];
}

// "Reply STOP", not any "stop": "non-stop service" tells nobody how to opt out.
const optOut =
  /\b(?:reply|text|send|respond|responda|env[ií]e)\b[^.!?\n]{0,20}?(?<![\p{L}\p{N}-])STOP(?![\p{L}\p{N}-])/iu;
const capitalStop = /\bSTOP\b/;
const tellsHowToStop = (message: string): boolean => capitalStop.test(optOut.exec(message)?.[0] ?? '');

function findSmsDuties(messages: readonly string[], purpose: TemplatePurpose): Finding[] {
  const severity = purpose === 'first' ? 'error' : 'warning';
  const findings: Finding[] = [];
  if (!messages.every((message) => message.includes(examples.business_name ?? ''))) {
    const what = 'The SMS does not always say who writes.';
    const why = 'Carriers and the CTIA ask for the brand; an unknown number is taken for spam.';
    findings.push({
      severity,
      code: 'no_brand',
      offset: 0,
      what,
      why,
      fix: 'Put {{business_name}} near the beginning.',
    });
  }
  if (!messages.every(tellsHowToStop)) {
    const what = 'The SMS does not always say how to stop.';
    const why = 'Carriers ask for it in the first message, and it saves complaints in all others.';
    findings.push({ severity, code: 'no_opt_out', offset: 0, what, why, fix: 'End it with "Reply STOP to opt out."' });
  }
  return findings;
}

function findLength(messages: readonly string[], nodes: readonly TemplateNode[]): Finding[] {
  if (messages.some((message) => message.length > maxSmsCharacters)) return [tooLongFilled('body')];
  const written = [...everyNode(nodes)].filter((node) => node.kind === 'text');
  const costly = written.flatMap(({ text, offset }) => {
    const [first] = smsSegments(text).costly;
    return first === undefined ? [] : [{ offset: offset + text.indexOf(first), all: smsSegments(text).costly }];
  });
  const findings: Finding[] = [];
  const [at] = costly;
  if (at !== undefined) {
    const signs = [...new Set(costly.flatMap(({ all }) => all))].slice(0, 10).join(' ');
    const what = `Characters outside the SMS alphabet: ${signs}`;
    const why =
      'With one of them a segment holds 67 characters instead of 153, so the message costs about twice as much.';
    const fix = 'Use plain signs where the language allows it: - for a dash, straight quotes, no emoji.';
    findings.push({ severity: 'warning', code: 'costly_characters', offset: at.offset, what, why, fix });
  }
  const segments = Math.max(...messages.map((message) => smsSegments(message).segments));
  if (segments > maxSmsSegments) {
    const what = `With usual values the SMS takes ${segments} segments.`;
    const why = `Each is paid for; people read ${maxSmsSegments} at most.`;
    findings.push({ severity: 'warning', code: 'many_segments', offset: 0, what, why, fix: 'Shorten it.' });
  }
  return findings;
}

const wordings: { code: string; pattern: RegExp; what: string; why: string; fix: string }[] = [
  {
    code: 'sentiment_split',
    pattern:
      /\bif (?:you|your|it|we|everything)\b[^.!?\n]{0,40}\b(?:happy|satisfied|pleased|loved|enjoyed|great|good|perfect|5[- ]?stars?|five[- ]stars?)\b|\b(?:not|un)[ -]?(?:happy|satisfied)\b|\bhappy with\b[^.!\n]{0,40}\?|\b(?:5|five)[- ]?stars?\b|\bbefore (?:you )?(?:leave|leaving|post|posting|writ(?:e|ing)) (?:a |any )?(?:bad|negative|poor)\b/i,
    what: 'This reads as if only content customers were asked for a review.',
    why: 'Asking only those, or sending others elsewhere, is review gating: forbidden by the FTC (16 CFR 465) and by Google.',
    fix: 'Ask everybody the same, with the same link.',
  },
  {
    code: 'reward_for_review',
    pattern: /\b(?:gift ?cards?|coupons?|discount|\d+ ?% off|\$\d+ off|raffle|sweepstakes|prize draw|rewards?)\b/i,
    what: 'This offers something in return.',
    why: 'Google forbids rewards for reviews, and the FTC those for a given sentiment.',
    fix: 'Ask without offering anything.',
  },
  {
    code: 'asks_for_yes',
    pattern: /\b(?:reply|text|send|respond(?: with)?)\s+["']?yes\b/i,
    what: 'This asks for the answer YES.',
    why: 'Carriers read YES as opting in again, and nothing else happens on it.',
    fix: 'Let the link do the work.',
  },
  {
    code: 'public_shortener',
    pattern: /\b(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|rb\.gy)\//i,
    what: 'This links through a public shortener.',
    why: 'Carriers filter messages with such links.',
    fix: 'Use {{review_link}}, or a link on your own domain.',
  },
];

function findWordings(nodes: readonly TemplateNode[]): Finding[] {
  const texts = [...everyNode(nodes)].filter((node) => node.kind === 'text');
  return wordings.flatMap(({ pattern, ...wording }): Finding[] => {
    const hit = texts.find(({ text }) => pattern.test(text));
    if (hit === undefined) return [];
    return [{ ...wording, severity: 'warning', offset: hit.offset + Math.max(hit.text.search(pattern), 0) }];
  });
}

function findReviewLink(messages: readonly string[], purpose: TemplatePurpose): Finding[] {
  const link = examples.review_link ?? '';
  if (purpose === 'other' || messages.every((message) => message.includes(link))) return [];
  const what = 'The message does not always hold the review link.';
  const why = 'Only through it do we learn that a customer has answered, and stop asking.';
  return [{ severity: 'warning', code: 'no_review_link', offset: 0, what, why, fix: 'Add {{review_link}} once.' }];
}

function renderAll(nodes: readonly TemplateNode[]): string[] | undefined {
  try {
    return everyMessage(nodes);
  } catch (problem) {
    if (problem instanceof TemplateError && problem.code === 'template_output_too_long') return undefined;
    throw problem;
  }
}

/** What the message says or leaves out. `nodes` must have no problem with its tags. */
export function findMessageProblems(nodes: readonly TemplateNode[], facts: MessageFacts): Finding[] {
  const messages = renderAll(nodes);
  if (messages === undefined) return [tooLongFilled(facts.place)];
  const missing = findMissing(messages, nodes, facts.place);
  if (missing.length > 0) return missing;
  return [
    ...(facts.channel === 'sms' ? [...findSmsDuties(messages, facts.purpose), ...findLength(messages, nodes)] : []),
    ...(facts.place === 'body' ? findReviewLink(messages, facts.purpose) : []),
    ...findWordings(nodes),
  ];
}
