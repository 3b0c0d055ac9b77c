// The glossary as a test: one word per thing, in identifiers and in what people read. docs/glossary.md has the words.
import { type Exception, excepted, file, type Rule } from './rule.ts';
import { type SourceFile, withoutComments } from './source-file.ts';

/** Banned word → the word to use. Only words that have no honest second meaning in this code are listed. */
const banned = new Map(
  Object.entries({
    org: 'business',
    orgs: 'business',
    organization: 'business',
    organisation: 'business',
    workspace: 'business',
    workspaces: 'business',
    contact: 'customer',
    contacts: 'customer',
    lead: 'customer',
    leads: 'customer',
    subscriber: 'customer',
    subscribers: 'customer',
    journey: 'campaign',
    journeys: 'campaign',
    flow: 'campaign',
    flows: 'campaign',
    workflow: 'campaign',
    drip: 'campaign',
    drips: 'campaign',
    cadence: 'campaign',
    cadences: 'campaign',
    membership: 'enrollment',
    memberships: 'enrollment',
    dequeue: 'claim',
  }),
);

/** Forms of words that are fine alone (an account of a sender, a step of a loop, fetch the API) but not for our things. */
const bannedForms: { pattern: RegExp; use: string }[] = [
  { pattern: /\b(?:accounts?_?id|business_?accounts?|customer_?accounts?|touchline\.accounts)\b/i, use: 'business' },
  { pattern: /\b(?:campaign|enrollment|current|next|message)_?steps?\b/i, use: 'touch' },
  { pattern: /\bsteps?_?(?:number|delay|id)\b/i, use: 'touch' },
  { pattern: /\bmessage_?nodes?\b/i, use: 'touch' },
  { pattern: /\b(?:fetch|poll)_?(?:due|touch|touches|batch|queue)/i, use: 'claim' },
];

const exceptions: Exception[] = [
  { path: 'sql/data/', reason: 'texts written to customers, who do not speak our glossary' },
];

// camelCase, PascalCase and snake_case fall into their words. `lead(` is a window function of SQL, and a business's own
// contact_email and contact_phone are how its customers reach it. The name of SVG is an address.
function wordsOf(line: string): string[] {
  return line
    .replace(/\blead\s*\(/g, '(')
    .replace(/contact_?(?:email|phone)/gi, '')
    .replace('http://www.w3.org/', '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .map((word) => word.toLowerCase());
}

function wrongWords(source: SourceFile): string[] {
  return withoutComments(source)
    .split('\n')
    .flatMap((line, index) => {
      const place = `${source.path}:${index + 1}`;
      const words = wordsOf(line).flatMap((word) =>
        banned.has(word) ? [`${place}: ${word} → ${banned.get(word)}`] : [],
      );
      const forms = bannedForms
        .filter(({ pattern }) => pattern.test(line))
        .map(({ pattern, use }) => `${place}: ${pattern.exec(line)?.[0]} → ${use}`);
      return [...words, ...forms];
    });
}

const glossary: Rule = {
  name: 'one word per thing: the synonyms banned by the glossary do not occur in src/ and sql/',
  why: 'Two words for one thing make readers look for a difference that is not there.',
  fix: 'Use the word on the right of the arrow. An honest other meaning gets an exception with its reason in test/tidy/word-rules.ts.',
  check: (files) =>
    files
      .filter(
        ({ path }) => /^(?:src|sql|supabase|dashboard)\/.*\.(?:tsx?|sql)$/.test(path) && !excepted(path, exceptions),
      )
      .flatMap(wrongWords),
  caught: [
    [file('src/domain/a.ts', 'const contactName = 1;')],
    [file('src/cli/a.ts', "say('Your journeys');")],
    [file('sql/views/a.sql', 'select lead_id from x;')],
    [file('src/engine/a.ts', 'const { account_id: id } = row;')],
    [file('src/engine/a.ts', 'function fetchDueTouches() {}')],
    [file('src/engine/a.ts', 'const nextStep = 1;')],
  ],
  allowed: [
    [
      file(
        'sql/views/a.sql',
        'select lead(due_at) over w, sender_account_id, contact_email from touchline.sender_accounts;',
      ),
    ],
    [file('src/domain/a.ts', '// a customer, not a contact', 'const overflow = await fetch(url);')],
    [file('sql/data/presets.sql', "select 'Contact us';")],
    [file('src/http/a.ts', 'const svg = `<svg xmlns="http://www.w3.org/2000/svg">`;')],
  ],
};

export const wordRules = [glossary];
