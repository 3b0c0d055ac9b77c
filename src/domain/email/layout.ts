// What an email looks like: one hand-written table layout with its style inline, because mail programs drop what stands in a
// <style> and know no other way to hold a column together. Text in, HTML out; nothing is loaded from anywhere.
import { escapeHtml } from './escape.ts';

/** What stands under every email; no template can leave it out (CAN-SPAM, 15 U.S.C. 7704). */
export interface EmailFooter {
  businessName: string | undefined;
  postalAddress: string | undefined;
  unsubscribeUrl: string;
}

// Signs at the end of a link that belong to the sentence around it.
const linkPattern = /https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]}]/gi;
const linkStyle = 'color:#0b57d0;text-decoration:underline;overflow-wrap:anywhere';

const link = (url: string, words: string): string =>
  `<a href="${escapeHtml(url)}" style="${linkStyle}">${escapeHtml(words)}</a>`;

/** A line of text with its web addresses made into links. */
function lineHtml(line: string): string {
  let html = '';
  let end = 0;
  for (const match of line.matchAll(linkPattern)) {
    html += escapeHtml(line.slice(end, match.index)) + link(match[0], match[0]);
    end = match.index + match[0].length;
  }
  return html + escapeHtml(line.slice(end));
}

const font = 'font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Helvetica,Arial,sans-serif';

/** Paragraphs are what stands between empty lines; a line break stays one. */
function paragraphs(text: string): string {
  return text
    .split(/\n[^\S\n]*\n\s*/)
    .map((part) => part.trim().split('\n').map(lineHtml).join('<br>\n'))
    .filter((part) => part !== '')
    .map((part) => `<p style="margin:0 0 16px">${part}</p>`)
    .join('\n');
}

const present = (line: string | undefined): line is string => line !== undefined && line.trim() !== '';

function footerHtml({ businessName, postalAddress, unsubscribeUrl }: EmailFooter): string {
  const lines = [businessName, postalAddress].filter(present).flatMap((text) => text.split('\n'));
  return [...lines.map((line) => escapeHtml(line)), link(unsubscribeUrl, 'Unsubscribe from these emails')].join(
    '<br>\n',
  );
}

/**
 * The HTML part.
 * @param subject the title that screen readers announce
 * @param body plain text as the template gives it; everything in it is escaped
 */
export function emailHtml(subject: string, body: string, footer: EmailFooter): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0;padding:0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td align="center" style="padding:24px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px">
<tr><td style="${font};font-size:16px;line-height:1.5;text-align:left">
${paragraphs(body)}
</td></tr>
<tr><td style="${font};font-size:13px;line-height:1.5;text-align:left;padding-top:16px;border-top:1px solid #8a8f94">
${footerHtml(footer)}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
}

/** The text part: the same words for whoever reads no HTML. */
export function emailText(body: string, { businessName, postalAddress, unsubscribeUrl }: EmailFooter): string {
  const lines = [businessName, postalAddress, `Unsubscribe: ${unsubscribeUrl}`].filter(present);
  return `${body.trimEnd()}\n\n--\n${lines.join('\n')}\n`;
}
