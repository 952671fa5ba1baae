// Exceptions that a framework wraps: the line that threw, not the filter that the framework's frames came through.
import { expect, it } from 'vitest';
import { parseStack, resolveStack } from '../../../src/source';
import { memoryWorkspace } from './support/workspace';

const files = {
  'file:///w/src/main/java/com/acme/web/TokenFilter.java': `package com.acme.web;\n${'// x\n'.repeat(60)}`,
  'file:///w/src/main/java/com/acme/pay/PayService.java': `package com.acme.pay;\n${'// x\n'.repeat(60)}`,
};
const ports = { workspace: memoryWorkspace(['file:///w'], files) };
const filter = `\tat org.springframework.web.servlet.FrameworkServlet.processRequest(FrameworkServlet.java:1014)
\tat com.acme.web.TokenFilter.doFilterInternal(TokenFilter.java:55)
\tat org.apache.catalina.core.StandardWrapperValve.invoke(StandardWrapperValve.java:167)`;
const cause = `Caused by: java.lang.IllegalArgumentException: no amount
\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)
\tat com.acme.pay.PayService.pay(PayService.java:20)
\t... 42 more`;

async function places(text: string): Promise<readonly string[]> {
  const stack = parseStack(text, 'java');
  const { candidates } = stack ? await resolveStack(stack, ports, { pathMappings: {} }) : { candidates: [] };
  return candidates.map(
    ({ file, line, confidence }) => `${file.split('/').pop()}:${line + 1} ${confidence >= 0.9 ? 'sure' : 'likely'}`,
  );
}

it('leads to the cause, and then to who called', async () => {
  const outer = `jakarta.servlet.ServletException: Request processing failed\n${filter}\n${cause}`;
  expect(await places(outer)).toEqual(['PayService.java:20 sure', 'TokenFilter.java:55 likely']);
});

it('stays with what the user’s own code threw, whatever caused it', async () => {
  const own = `com.acme.pay.Refused: no\n\tat com.acme.web.TokenFilter.check(TokenFilter.java:30)\n${cause}`;
  expect((await places(own))[0]).toMatch(/^TokenFilter.java:30 /);
});

it('stays with who waited for several', async () => {
  const aggregate = `java.util.concurrent.AggregateException: several\n${filter}\n${cause}`;
  expect((await places(aggregate))[0]).toMatch(/^TokenFilter.java:55 /);
});
