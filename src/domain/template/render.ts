// The text a customer gets: values put into a parsed template, once, and never read as a template again.
import { escapeHtml } from '../email/escape.ts';
import { isTooLong, maxSectionDepth, parseTemplate, type TemplateNode } from './parse.ts';
import { TemplateError } from './problem.ts';
import { type TemplateValues, templateVariables } from './variables.ts';

/** Of a rendered text, in UTF-16 code units. */
export const maxRenderedCharacters = 20_000;

export interface RenderOptions {
  /** `html`: values are escaped for HTML text and attributes; `none`: for SMS, subjects and plain text. */
  escape: 'html' | 'none';
  /** For subjects: a line break inside a value becomes a space, so that no value can add a header. Default false. */
  singleLine?: boolean;
}

/**
 * Characters that no value needs: controls other than tab and line feed, halves of characters (neither UTF-8 nor Postgres
 * can hold them), and the signs that turn the direction of everything after them.
 */
const unprintable = /[\p{Cc}\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

function cleanValue(value: string, singleLine: boolean): string {
  const text = value
    .replaceAll(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replaceAll(unprintable, (sign) => (sign === '\n' || sign === '\t' ? sign : ''))
    .trim();
  return singleLine ? text.replaceAll(/\s*[\n\t]\s*/g, ' ') : text;
}

/** Only our names, only the object's own texts: what else it has or inherits is never looked at. */
function readValues(values: TemplateValues, options: RenderOptions): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  for (const { name } of templateVariables) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') {
      throw new TemplateError('template_value_invalid', `The value of ${name} is a ${typeof value}, not a text.`);
    }
    const clean = cleanValue(value, options.singleLine ?? false);
    read.set(name, options.escape === 'html' ? escapeHtml(clean) : clean);
  }
  return read;
}

class Output {
  text = '';

  add(part: string): void {
    if (this.text.length + part.length > maxRenderedCharacters) {
      throw new TemplateError(
        'template_output_too_long',
        `The message would be longer than ${maxRenderedCharacters} characters.`,
      );
    }
    this.text += part;
  }
}

function write(nodes: readonly TemplateNode[], values: ReadonlyMap<string, string>, output: Output): void {
  for (const node of nodes) {
    if (node.kind === 'refused' || (node.kind === 'section' && node.depth > maxSectionDepth)) {
      throw new TemplateError('template_invalid', `The template has a tag that is not allowed at ${node.offset}.`);
    }
    if (node.kind === 'text') output.add(node.text);
    if (node.kind === 'variable') output.add(values.get(node.name) ?? '');
    if (node.kind === 'section' && ((values.get(node.name) ?? '') === '') === node.inverted) {
      write(node.children, values, output);
    }
  }
}

/** Renders a tree that {@link parseTemplate} made. Errors as of {@link renderTemplate}. */
export function renderNodes(nodes: readonly TemplateNode[], values: TemplateValues, options: RenderOptions): string {
  const output = new Output();
  write(nodes, readValues(values, options), output);
  return output.text;
}

/**
 * Renders one text of a template. The same text and values always give the same result; unknown names render as nothing.
 * The result may be empty when the template has not passed `checkTemplate`.
 * @param text a subject or body
 * @param values values by variable name; unknown ones are ignored
 * @throws TemplateError `template_invalid`, `template_output_too_long`, `template_value_invalid`
 */
export function renderTemplate(text: string, values: TemplateValues, options: RenderOptions): string {
  if (isTooLong(text)) throw new TemplateError('template_invalid', 'The template is too long.');
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    const { kind, offset } = parsed.broken;
    throw new TemplateError('template_invalid', `The template cannot be read: ${kind} at ${offset}.`);
  }
  return renderNodes(parsed.nodes, values, options);
}
