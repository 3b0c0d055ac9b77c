// Rules about the pages: a link leads somewhere, a decision has a number of its own.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { file, type Rule } from './rule.ts';
import { root, type SourceFile } from './source-file.ts';

const linkPattern = /\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)\s]*)?\)/g;

function brokenLinks({ path, text }: SourceFile): string[] {
  return [...text.matchAll(linkPattern)]
    .map(([, target = '']) => posix.join(posix.dirname(path), target))
    .filter((target) => !existsSync(join(root, target)))
    .map((target) => `${path} → ${target}`);
}

const links: Rule = {
  name: 'links between pages lead to a file',
  why: 'A reader who follows a dead link stops trusting the page it is on.',
  fix: 'Correct the link, or write the page first.',
  check: (files) => files.filter(({ path }) => path.endsWith('.md')).flatMap(brokenLinks),
  caught: [[file('docs/a.md', 'See [this](nowhere.md#part).')]],
  allowed: [[file('docs/a.md', 'See [this](../README.md), [that](https://example.com/x) and [there](#part).')]],
};

const decisions: Rule = {
  name: 'decision pages are named NNNN-what.md with unique numbers',
  why: 'Pages and commits refer to a decision by its number.',
  fix: 'npm run new decision NAME takes the next number.',
  check: (files) => {
    const names = files.map(({ path }) => path).filter((path) => path.startsWith('docs/decisions/'));
    const numbers = names.map((path) => posix.basename(path).slice(0, 4));
    return names.filter(
      (path, index) =>
        !/\/(?:\d{4}-[a-z0-9-]+|README)\.md$/.test(path) || numbers.indexOf(numbers[index] ?? '') !== index,
    );
  },
  caught: [
    [file('docs/decisions/uuid.md', '')],
    [file('docs/decisions/0001-a.md', ''), file('docs/decisions/0001-b.md', '')],
  ],
  allowed: [[file('docs/decisions/0001-a.md', ''), file('docs/decisions/0002-b.md', '')]],
};

export const docsRules = [links, decisions];
