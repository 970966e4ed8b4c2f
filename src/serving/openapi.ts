/** The description of the server's paths, made of the schemas by which requests are checked. */
import { errorResponse, jsonContent, openApiOf } from "../http/openapi.js";
import { classifyRequest, classifyResponse, inferenceRequest, inferenceResponse, modelsResponse } from "./wire.js";

const schemas = {
  ClassifyRequest: classifyRequest,
  ClassifyResponse: classifyResponse,
  InferenceRequest: inferenceRequest,
  InferenceResponse: inferenceResponse,
  ModelsResponse: modelsResponse,
  ErrorResponse: errorResponse,
} as const;

const answer = (description: string, name: keyof typeof schemas) => ({ description, content: jsonContent(name) });
const problems = {
  400: answer("not what the schema says", "ErrorResponse"),
  401: answer("no key, or a wrong one", "ErrorResponse"),
  404: answer("no model of this name", "ErrorResponse"),
  413: answer("too long, or too many texts", "ErrorResponse"),
  429: answer("too many texts wait; Retry-After says when to come back", "ErrorResponse"),
  503: answer("the model cannot answer at the moment", "ErrorResponse"),
  504: answer("the time that a request has is over", "ErrorResponse"),
};
const plain = (description: string) => ({ get: { summary: description, responses: { 200: { description } } } });

/** The OpenAPI 3.1 document of a server of `version`. */
export function openApiDocument(version: string): object {
  return openApiOf({
    title: "Textune",
    version,
    schemas,
    paths: {
      "/v1/classify": {
        post: {
          operationId: "classify",
          summary: "classify texts",
          security: [{}, { key: [] }],
          requestBody: { required: true, content: jsonContent("ClassifyRequest") },
          responses: { 200: answer("an answer for each text, in their order", "ClassifyResponse"), ...problems },
        },
      },
      "/v1/models": {
        get: {
          operationId: "models",
          summary: "the models that are served",
          security: [{}, { key: [] }],
          responses: { 200: answer("the models", "ModelsResponse"), 401: problems[401] },
        },
      },
      "/models/{name}": {
        post: {
          operationId: "inference",
          summary: "classify texts, as Hugging Face's Inference API does",
          security: [{}, { key: [] }],
          parameters: [{ name: "name", in: "path", required: true, schema: { type: "string" } }],
          requestBody: { required: true, content: jsonContent("InferenceRequest") },
          responses: { 200: answer("scores of each text", "InferenceResponse"), ...problems },
        },
      },
      "/healthz": plain("the process is alive"),
      "/readyz": plain("every model can answer"),
      "/metrics": plain("counters and histograms for Prometheus"),
    },
  });
}
