/** `postgres://me:secret@host` as `postgres://me@host`. */
export function withoutPassword(text: string): string {
  return text.replace(/(\w+:\/\/[^/\s:@]*):[^/\s@]*@/g, "$1@");
}
