/** A server's description in OpenAPI 3.1, its schemas made of those by which requests are checked. */
import { z } from "zod";

export interface ApiDescription {
  readonly title: string;
  readonly version: string;
  /** By the names under which paths refer to them. */
  readonly schemas: Readonly<Record<string, z.ZodType>>;
  readonly paths: Readonly<Record<string, object>>;
}

/** What every refused request is answered with. */
export const errorResponse = z.object({ error: z.string() });

/** The OpenAPI document of a server. Schemas say what a client sends or gets, before defaults are filled in. */
export function openApiOf({ title, version, schemas, paths }: ApiDescription): object {
  const components = Object.entries(schemas).map(([name, schema]) => [name, jsonSchema(schema)] as const);
  return {
    openapi: "3.1.0",
    info: { title, version, license: { name: "Apache-2.0" } },
    components: {
      schemas: Object.fromEntries(components),
      securitySchemes: { key: { type: "http", scheme: "bearer" } },
    },
    paths,
  };
}

/** `schema` as JSON Schema has it. */
export function jsonSchema(schema: z.ZodType): object {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: "input" });
  return body;
}

/** The content of a request or an answer that is JSON as the schema `name` says. */
export function jsonContent(name: string): object {
  return { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } };
}
