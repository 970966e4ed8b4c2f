/** What JSON can say. NaN and infinities are the texts "NaN", "Infinity", "-Infinity". */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}
