/** The file name that a Content-Disposition field gives (RFC 6266); null where it gives none that can be read. */
export function fileNameOfDisposition(field: string): string | null {
  const extended = /;[ \t]*filename\*[ \t]*=[ \t]*utf-8'[\w-]*'([^;\s]+)/i.exec(field)?.[1];
  if (extended !== undefined) return decode(extended);
  const quoted = /;[ \t]*filename[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"/i.exec(field)?.[1];
  const name =
    quoted?.replaceAll(/\\(.)/g, "$1") ?? /;[ \t]*filename[ \t]*=[ \t]*([^";\s]+)/i.exec(field)?.[1];
  // Beyond ASCII the plain form has no meaning that all would agree on.
  return name === undefined || !/^[\x20-\x7e]*$/.test(name) ? null : name;
}

/** A field that makes browsers save the content under this name, and never show it. */
export function attachment(name: string): string {
  const ascii = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
