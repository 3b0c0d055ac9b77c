import { describe, expect, it } from 'vitest';
import { stripSql, stripTypeScript } from './strip.ts';

const code = (text: string): string => stripTypeScript(text, { strings: false });
const sql = (text: string): string => stripSql(text, { strings: false });

describe('stripping TypeScript', () => {
  it('blanks comments and string contents, and keeps every line', () => {
    expect(code("a(); // Date.now()\nb('Date.now()');\n/* Date\n.now() */ c();")).toBe(
      `a();              \nb('          ');\n       \n          c();`,
    );
  });

  it('keeps the code inside a template literal and blanks its text', () => {
    expect(code('`Date ${Date.now()} {now}` + x')).toBe('`     ${Date.now()}      ` + x');
  });

  it('follows braces and templates inside a template', () => {
    expect(code('`a${f({ b: `c${d}` })}e`; g')).toBe('`a${f({ b: ` ${d}` })} `; g'.replace('a', ' '));
  });

  it('takes a quote inside a regular expression for what it is', () => {
    expect(code("const a = /it's[/']/u; const b = 'x';")).toContain("const b = ' ';");
  });

  it('does not take a division for a regular expression', () => {
    expect(code("const a = b / c; const d = 'x' / e;")).toBe("const a = b / c; const d = ' ' / e;");
  });

  it('keeps strings when asked', () => {
    expect(stripTypeScript("import 'a'; // b", { strings: true })).toBe("import 'a';     ");
  });
});

describe('stripping SQL', () => {
  it('blanks comments and strings, and keeps the body of a function', () => {
    expect(sql("select 'it''s now()'; -- now()\nas $$ now() /* x */ $$")).toBe(
      "select '           ';         \nas $$ now()         $$",
    );
  });
});
