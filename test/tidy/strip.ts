// Blanks out comments and the contents of strings, keeping every line break, so that rules about code do not trip over prose.

/** What may stay: strings true keeps the contents of string literals. */
interface Keep {
  strings: boolean;
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Where a slash begins a regular expression and not a division: after an operator, an opening bracket or a keyword. */
const beforeRegex = /(?:^|[=(,:;![&|?{}>+*%~^-]|\b(?:return|typeof|case|in|of|await|yield|new|delete|void))\s*$/;

const commentOrQuote = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/y;
const regexLiteral = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function keepQuotes(literal: string): string {
  return literal.charAt(0) + blank(literal.slice(1, -1)) + literal.charAt(0);
}

/** One literal or comment at this place, and what to put there instead; undefined where there is plain code. */
function literalAt(text: string, at: number, done: string, keep: Keep): { length: number; put: string } | undefined {
  const literal = matchAt(commentOrQuote, text, at);
  if (literal !== undefined) {
    const comment = literal.startsWith('/');
    if (comment) return { length: literal.length, put: blank(literal) };
    return { length: literal.length, put: keep.strings ? literal : keepQuotes(literal) };
  }
  if (text[at] !== '/' || !beforeRegex.test(done.slice(-40))) return undefined;
  const regex = matchAt(regexLiteral, text, at);
  if (regex === undefined) return undefined;
  return { length: regex.length, put: keep.strings ? regex : blank(regex) };
}

/** A stretch of stripped text, and where in the original it ended. */
interface Stretch {
  put: string;
  end: number;
}

/** From an opening backtick to the closing one; the code inside ${…} is stripped as code. */
function stripTemplate(text: string, start: number, keep: Keep): Stretch {
  let put = '`';
  let at = start + 1;
  while (at < text.length && text[at] !== '`') {
    if (text.startsWith('${', at)) {
      const inner = stripCode(text, at + 2, keep);
      put += `\${${inner.put}`;
      at = inner.end;
    } else {
      const piece = text.slice(at, at + (text[at] === '\\' ? 2 : 1));
      put += keep.strings ? piece : blank(piece);
      at += piece.length;
    }
  }
  return { put: `${put}\``, end: at + 1 };
}

/** Code up to the end, or to the brace that closes more than was opened here. */
function stripCode(text: string, start: number, keep: Keep): Stretch {
  let put = '';
  let at = start;
  let depth = 0;
  while (at < text.length && depth >= 0) {
    const literal = literalAt(text, at, put, keep);
    if (literal !== undefined) {
      put += literal.put;
      at += literal.length;
    } else if (text[at] === '`') {
      const template = stripTemplate(text, at, keep);
      put += template.put;
      at = template.end;
    } else {
      if (text[at] === '{') depth += 1;
      if (text[at] === '}') depth -= 1;
      put += text.charAt(at);
      at += 1;
    }
  }
  return { put, end: at };
}

/** TypeScript without comments and, unless kept, without string contents; code inside `${…}` stays code. */
export function stripTypeScript(text: string, keep: Keep): string {
  let done = '';
  let at = 0;
  while (at < text.length) {
    const stretch = stripCode(text, at, keep);
    done += stretch.put;
    at = stretch.end;
  }
  return done;
}

const sqlCommentOrString = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:''|[^'])*'|"[^"]*"/g;

/** SQL without comments and, unless kept, without string contents; the body between dollar quotes is code and stays. */
export function stripSql(text: string, keep: Keep): string {
  return text.replace(sqlCommentOrString, (literal) => {
    if (literal.startsWith('-') || literal.startsWith('/')) return blank(literal);
    if (literal.startsWith('"') || keep.strings) return literal;
    return keepQuotes(literal);
  });
}
