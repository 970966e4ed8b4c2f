/** Sets up OpenTelemetry as `OTEL_…` say, for `node --import`. */
import { NodeSDK } from "@opentelemetry/sdk-node";

new NodeSDK().start();
