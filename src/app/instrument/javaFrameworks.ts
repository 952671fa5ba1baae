/**
 * Frameworks of Java that trace themselves, with OpenTelemetry inside: with the agent beside it, each span would be there twice. They are known by jars
 * on the class path, or by the artifacts in build files. Sources: opentelemetry.io, "Spring Boot starter"; Spring Boot reference, "Tracing"; guides of
 * Quarkus and Micronaut on OpenTelemetry.
 */

import { basename } from 'node:path';
import type { LaunchChange } from '../../capture/environmentEditor';

export interface JavaFramework {
  /** Artifact's name, with which a jar's name begins. */
  readonly artifacts: readonly string[];
  /** What it reads beside OpenTelemetry's own variables. */
  variables(endpoint: string): readonly LaunchChange[];
}

const micrometer = 'Micrometer Tracing sends its spans here';
const quarkus = 'Quarkus sends its spans here';

const FRAMEWORKS: readonly JavaFramework[] = [
  {
    artifacts: [
      'opentelemetry-spring-boot-starter',
      'opentelemetry-spring-boot-autoconfigure',
      'micronaut-tracing-opentelemetry',
    ],
    variables: () => [],
  },
  {
    artifacts: ['micrometer-tracing-bridge-otel', 'spring-boot-starter-opentelemetry'],
    variables: (endpoint) => [
      { name: 'MANAGEMENT_OTLP_TRACING_ENDPOINT', value: `${endpoint}/v1/traces`, reason: micrometer },
      // Of Spring Boot 4.
      { name: 'MANAGEMENT_OPENTELEMETRY_TRACING_EXPORT_OTLP_ENDPOINT', value: `${endpoint}/v1/traces`, reason: micrometer },
      { name: 'MANAGEMENT_TRACING_SAMPLING_PROBABILITY', value: '1.0', reason: 'every trace is wanted' },
    ],
  },
  {
    artifacts: ['quarkus-opentelemetry'],
    variables: (endpoint) => [
      { name: 'QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT', value: endpoint, reason: quarkus },
      { name: 'QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL', value: 'http/protobuf', reason: quarkus },
    ],
  },
];

/**
 * Undefined: none of them.
 * @param paths of jars and folders with classes, as a configuration has them
 */
export function frameworkOf(
  classPaths: unknown,
  modulePaths: unknown,
  manifests: readonly { readonly text: string }[],
): JavaFramework | undefined {
  const paths = [classPaths, modulePaths].flatMap((each): readonly unknown[] => (Array.isArray(each) ? each : []));
  const jars = paths.flatMap((each) =>
    typeof each === 'string' && each.endsWith('.jar') ? [basename(each.replaceAll('\\', '/'))] : [],
  );
  return FRAMEWORKS.find(({ artifacts }) =>
    artifacts.some((name) => jars.some((jar) => jar.startsWith(name)) || manifests.some(({ text }) => names(text, name))),
  );
}

/** Whether a build file has the name as a whole. */
function names(text: string, artifact: string): boolean {
  return new RegExp(`(?<![\\w-])${artifact}(?![\\w])`).test(text);
}
