/** The one redactor: every message, report and store record that may hold an address goes through it. */

const USERINFO = /([a-z][a-z0-9+.-]*:\/\/)([^\s/?#@:]*):([^\s/?#]*)@/gi;
const SECRET_QUERY = /([?&](?:password|pass|token|secret|auth)=)[^&\s"']*/gi;

/** The text with the passwords of all addresses in it replaced by `***`. */
export function redact(text: string): string {
  return text.replace(USERINFO, '$1$2:***@').replace(SECRET_QUERY, '$1***');
}

/** A redactor that also knows one address and hides its password wherever it stands, as typed and decoded. */
export function redactorFor(address: string): (text: string) => string {
  const secrets = new Set<string>();
  const typed = /:\/\/[^\s/?#@:]*:([^\s/?#]*)@/.exec(address)?.[1];
  if (typed !== undefined && typed !== '') {
    secrets.add(typed);
    try {
      secrets.add(decodeURIComponent(typed));
    } catch {
      // A percent sign that begins no escape: the password is what was typed.
    }
  }
  const longestFirst = [...secrets].toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '***'), redact(text));
}
