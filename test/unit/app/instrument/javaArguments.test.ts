import { describe, expect, it } from 'vitest';
import { agentsIn, argumentsOf, quoted, withArguments } from '../../../../src/app/instrument/javaArguments';

describe('arguments of a Java virtual machine', () => {
  it('are read from a list and from a line, with quotes', () => {
    expect(argumentsOf(['-Xmx1g', 3, '-ea'])).toEqual(['-Xmx1g', '-ea']);
    expect(argumentsOf(`-Xmx1g  "-javaagent:/my jars/agent.jar=a=b" '-Da=b c' -Dx="y z"`)).toEqual([
      '-Xmx1g',
      '-javaagent:/my jars/agent.jar=a=b',
      '-Da=b c',
      '-Dx=y z',
    ]);
    expect(argumentsOf('"-Da=\\"b\\" c"')).toEqual(['-Da="b" c']);
    expect([argumentsOf(undefined), argumentsOf(7), argumentsOf(null), argumentsOf('')]).toEqual([[], [], [], []]);
  });

  it('take what is added in front, in the form that they have', () => {
    expect(withArguments(['-ea'], ['-javaagent:/a b.jar'])).toEqual(['-javaagent:/a b.jar', '-ea']);
    expect(withArguments(' -ea ', ['-javaagent:/a b.jar'])).toBe('"-javaagent:/a b.jar" -ea');
    expect(withArguments(undefined, ['-javaagent:/a.jar'])).toBe('-javaagent:/a.jar');
    expect(argumentsOf(withArguments('-ea', ['-Da=b "c" d', "-Dx=it's"]))).toEqual(['-Da=b "c" d', "-Dx=it's", '-ea']);
  });

  it('tell which agents are there', () => {
    expect(agentsIn(['-ea', '-javaagent:/x/otel.jar=k=v', '-javaagent:C:\\a b\\jacoco.jar'])).toEqual([
      '/x/otel.jar',
      'C:\\a b\\jacoco.jar',
    ]);
  });

  it('are read in no time, however long and odd the line is', () => {
    const before = performance.now();
    for (const line of ['"'.repeat(200_000), '\\"'.repeat(100_000), `"${'\\'.repeat(200_000)}`, `'"`.repeat(100_000)])
      argumentsOf(line);
    expect(performance.now() - before).toBeLessThan(500);
    expect(quoted('plain')).toBe('plain');
  });
});
