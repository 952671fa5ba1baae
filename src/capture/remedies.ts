/**
 * What a program needs, by the debugger that launched it, so that it sends spans: the variables are set, but without an SDK or an agent nobody reads
 * them. Sources: the getting started pages of OpenTelemetry's languages; packages' own READMEs.
 */

import { type Language, languageOf } from './languages';

const REMEDIES: Readonly<Record<Language, string>> = {
  node: 'Without the instrumentation that Spanhop brings along: npm install @opentelemetry/auto-instrumentations-node, and set NODE_OPTIONS to "--require @opentelemetry/auto-instrumentations-node/register" in "env".',
  python:
    'Without OpenTelemetry packages in its environment: pip install opentelemetry-distro, run opentelemetry-bootstrap -a install, and start it again.',
  java: 'Without an OpenTelemetry agent: download opentelemetry-javaagent.jar, and add "-javaagent:/path/to/opentelemetry-javaagent.jar" to "vmArgs" of the launch configuration.',
  go: 'Go has no agent: set up the OpenTelemetry SDK with otlptracehttp.New(ctx) or otlptracegrpc.New(ctx), and instrument handlers with otelhttp. Call Shutdown before the program ends.',
  dotnet:
    'Without an OpenTelemetry SDK: dotnet add package OpenTelemetry.Extensions.Hosting and OpenTelemetry.Exporter.OpenTelemetryProtocol, and call AddOpenTelemetry().WithTracing(t => t.AddAspNetCoreInstrumentation().AddOtlpExporter()).',
  ruby: 'Without an OpenTelemetry SDK: bundle add opentelemetry-sdk opentelemetry-exporter-otlp opentelemetry-instrumentation-all, and call OpenTelemetry::SDK.configure { |c| c.use_all }.',
  php: 'Without an OpenTelemetry SDK: pecl install opentelemetry, composer require open-telemetry/sdk open-telemetry/exporter-otlp, and set OTEL_PHP_AUTOLOAD_ENABLED=true.',
  native:
    "Set up your language's OpenTelemetry SDK with an exporter of OTLP, which takes its endpoint from OTEL_EXPORTER_OTLP_ENDPOINT, and end it before the program ends.",
};

/** Sentences for a person. @param debugType `type` of the debug configuration */
export function remedyOf(debugType: string): string {
  const language = languageOf(debugType);
  return language === undefined
    ? 'It needs an OpenTelemetry SDK or agent that sends OTLP to OTEL_EXPORTER_OTLP_ENDPOINT.'
    : REMEDIES[language];
}
