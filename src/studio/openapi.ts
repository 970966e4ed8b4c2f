/** The description of the Studio's interface. */
import type { z } from "zod";
import { errorResponse, jsonContent, jsonSchema, openApiOf } from "../http/openapi.js";
import type { Route } from "./route.js";

/** The OpenAPI 3.1 document of `routes`. */
export function describeRoutes(routes: readonly Route[], version: string): object {
  const schemas: Record<string, z.ZodType> = { ErrorResponse: errorResponse };
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const { method, path, summary, query, body, response } = route;
    const name = nameOf(route);
    const described = (part: string, schema: z.ZodType): object => {
      schemas[`${name}${part}`] = schema;
      return jsonContent(`${name}${part}`);
    };
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: {
        operationId: name,
        summary,
        security: [{}, { key: [] }],
        parameters: [...pathParameters(path), ...queryParameters(query)],
        ...(body === undefined ? {} : { requestBody: { required: true, content: described("Request", body) } }),
        responses: {
          200:
            response === undefined
              ? { description: "a file" }
              : { description: summary, content: described("Response", response) },
          default: { description: "why not, in a sentence", content: jsonContent("ErrorResponse") },
        },
      },
    };
  }
  return openApiOf({ title: "Textune Studio", version, schemas, paths });
}

/** "PATCH /api/runs/{id}" is called patchRunsId. */
function nameOf({ method, path }: Route): string {
  const words = path.slice("/api/".length).match(/\w+/g) ?? [];
  return `${method.toLowerCase()}${words.map((word) => word[0].toUpperCase() + word.slice(1)).join("")}`;
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters(query: z.ZodObject | undefined): object[] {
  return Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const schema = field as z.ZodType;
    return { name, in: "query", required: !schema.safeParse(undefined).success, schema: jsonSchema(schema) };
  });
}
