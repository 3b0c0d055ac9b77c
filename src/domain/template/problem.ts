// What can be wrong with a template: as a list for whoever writes it, as an error for whoever sends it.

export type TemplatePlace = 'subject' | 'body';

/** One thing a writer has to know. Errors keep a text from being published; warnings do not. */
export interface TemplateProblem {
  severity: 'error' | 'warning';
  code: string;
  place: TemplatePlace;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 code units as editors count. */
  column: number;
  what: string;
  why: string;
  fix: string;
}

/** A problem before it is known where in the template its text stands. */
export interface Finding extends Omit<TemplateProblem, 'place' | 'line' | 'column'> {
  /** Index into the text. */
  offset: number;
}

/**
 * Why a template cannot be rendered: `template_invalid` (it would not pass the check), `template_output_too_long`,
 * `template_value_invalid` (a value is no text).
 */
export type TemplateErrorCode = 'template_invalid' | 'template_output_too_long' | 'template_value_invalid';

export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly code: TemplateErrorCode;

  constructor(code: TemplateErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** An error of the check, at `offset`. */
export function error(offset: number, code: string, what: string, why: string, fix: string): Finding {
  return { severity: 'error', code, offset, what, why, fix };
}
