// Jobs and listeners of Spring by the names that they are built or bound with.
import { expect, it } from 'vitest';
import { placeOf } from './support/memory';

const files = {
  'src/main/java/fen/Jobs.java': `class Jobs {
    Job nightly(JobRepository r) {
        return new JobBuilder("nightly", r).start(step(r)).build();
    }
    Step step(JobRepository r) {
        return new StepBuilder("loadReeds", r).tasklet(t, x).build();
    }
    public Consumer<Shipment> shipReeds() {
        return s -> {};
    }
}
`,
  'src/main/java/fen/CutJob.java':
    'public class CutJob extends QuartzJobBean {\n    @Override\n    protected void executeInternal(JobExecutionContext context) {\n    }\n}\n',
  'src/main/resources/application.yml':
    'spring:\n  cloud:\n    stream:\n      bindings:\n        shipReeds-in-0:\n          destination: reed-shipments\n',
};

it.each([
  ['BatchJob nightly', 1, 'io.opentelemetry.spring-batch-3.0', {}, 'Jobs.java:3'],
  ['BatchJob nightly.loadReeds.Chunk', 1, 'io.opentelemetry.spring-batch-3.0', {}, 'Jobs.java:6'],
  [
    'DEFAULT.cut',
    1,
    'io.opentelemetry.quartz-2.0',
    { 'code.namespace': 'fen.CutJob', 'code.function': 'execute' },
    'CutJob.java:3',
  ],
  [
    'reed-shipments process',
    5,
    'io.opentelemetry.spring-kafka-2.7',
    { 'messaging.system': 'kafka', 'messaging.destination.name': 'reed-shipments', 'messaging.operation': 'process' },
    'Jobs.java:8',
  ],
])('%s', async (name, kind, scope, attributes, place) => {
  expect(await placeOf({ name, kind, scope, language: 'java', attributes }, files)).toBe(`src/main/java/fen/${place}`);
});
