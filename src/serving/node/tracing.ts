/** Traces for OpenTelemetry, of requests and of what each waits for. */
import type { Attributes, Span, Tracer } from "@opentelemetry/api";

export interface AskedPath {
  readonly method: string;
  /** The path as it is counted, such as /models/:name. */
  readonly route: string;
  /** One of them may name the span that this request belongs to (`traceparent`). */
  readonly headers: Headers;
}

export interface Tracing {
  /** Runs the answer of a request, a span of kind server. @returns the trace's id, where there is one */
  request(
    asked: AskedPath,
    answer: (traceId: string | undefined) => Promise<{ readonly status: number }>,
  ): Promise<void>;
  /** Runs a part of a request as a span of its own. */
  part<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T>;
}

const NO_TRACING: Tracing = {
  async request(_, answer) {
    await answer(undefined);
  },
  part: (_name, _attributes, work) => work(),
};

/**
 * Hands spans to whatever OpenTelemetry has been set up in this process. Nothing is set up here, nothing is sent from
 * here: that, with the standard variables `OTEL_…`, is the matter of its SDK. Without the package `@opentelemetry/api`
 * there are no spans.
 *
 * Names and attributes: https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export async function openTracing(version: string): Promise<Tracing> {
  const api = await import("@opentelemetry/api").catch(() => undefined);
  if (api === undefined) return NO_TRACING;
  const { context, isSpanContextValid, propagation, SpanKind, SpanStatusCode, trace } = api;
  const tracer: Tracer = trace.getTracer("textune", version);

  /** Runs `work` within a span, which ends with it, and says so when it fails. */
  const within = <T>(span: Span, parent: ReturnType<typeof context.active>, work: () => Promise<T>): Promise<T> =>
    context.with(trace.setSpan(parent, span), async () => {
      try {
        return await work();
      } catch (error) {
        span.recordException(error as Error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).message });
        throw error;
      } finally {
        span.end();
      }
    });

  return {
    async request({ method, route, headers }, answer) {
      const parent = propagation.extract(context.active(), Object.fromEntries(headers));
      const attributes = { "http.request.method": method, "http.route": route, "url.scheme": "http" };
      const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
      const { traceId } = span.spanContext();
      await within(span, parent, async () => {
        const { status } = await answer(isSpanContextValid(span.spanContext()) ? traceId : undefined);
        span.setAttribute("http.response.status_code", status);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      });
    },
    part(name, attributes, work) {
      const parent = context.active();
      return within(tracer.startSpan(name, { attributes }, parent), parent, work);
    },
  };
}
