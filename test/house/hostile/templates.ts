// Texts that somebody saves with `touchline template set`.
import type { Case } from './row.ts';

export const templates: readonly Case<string>[] = [
  ['a tag that is not closed', 'Hello {{first_name'],
  ['a section that is not closed', '{{#first_name}}Hi'],
  ['a section closed by another name', '{{#first_name}}Hi{{/last_name}}'],
  ['an end without a beginning', 'Hi{{/first_name}}'],
  ['a variable that does not exist', 'Hi {{frist_name}}'],
  ['a prototype for a variable', 'Hi {{constructor}}'],
  ['`__proto__`', 'Hi {{__proto__}}'],
  ['a path into an object', 'Hi {{first_name.constructor}}'],
  ['a call, as a lambda would be', 'Hi {{#constructor}}alert(1){{/constructor}}'],
  ['a triple brace', 'Hi {{{first_name}}}'],
  ['an ampersand', 'Hi {{&first_name}}'],
  ['a partial', 'Hi {{> /etc/passwd}}'],
  ['other delimiters', '{{=<% %>=}} Hi <%first_name%>'],
  ['sections ten deep', `${'{{#first_name}}'.repeat(10)}x${'{{/first_name}}'.repeat(10)}`],
  ['10,001 characters', 'x'.repeat(10_001)],
  ['NUL', 'Hi\0 {{first_name}}'],
  ['half of a surrogate pair', 'Hi \ud800'],
  ['a bidirectional override', 'Hi \u202egnp.exe'],
  ['a placeholder of another program', 'Hi [First Name]'],
];
