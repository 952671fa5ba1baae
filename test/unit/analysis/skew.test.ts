import { describe, expect, it } from 'vitest';
import { lines, textOfTrace, traceFromText } from '../../support/traceText';

describe('clock skew', () => {
  it('shifts a service into its parent, with all its spans', () => {
    const table = traceFromText(`
      POST /price      storefront  0..126  client
        POST /price    pricing     46..162  server
          apply        pricing     50..96  internal
          GET rates    pricing     100..150  client
    `);
    expect(textOfTrace(table)).toBe(
      lines(`
        POST /price storefront 0..126
          POST /price pricing 5..121 shifted -41
            apply pricing 9..55 shifted -41
            GET rates pricing 59..109 shifted -41
      `),
    );
    expect(table.corrections).toEqual([{ service: 'pricing', correctionNs: -41e6 }]);
    expect(table.startNs[1]).toBe(46e6);
    expect(table.defects).toMatchObject([
      {
        kind: 'clockSkew',
        count: 3,
        message: 'Clocks differ: pricing by 41 ms ahead. 3 spans are shown shifted into their parents; the data is unchanged.',
      },
    ]);
  });

  it('shifts all calls of a clock by the same, if one shift fits all', () => {
    const table = traceFromText(`
      root         a  0..200    server
        call       a  10..50    client
          work     b  110..130  server
        call       a  60..100   client
          work     b  170..195  server
    `);
    // The first call allows -100 to -80, the second -110 to -95.
    expect(table.correctionNs && [...table.correctionNs]).toEqual([0, 0, -97.5e6, 0, -97.5e6]);
  });

  it('moves each call on its own where one shift does not fit', () => {
    const table = traceFromText(`
      root     a  0..200    server
        call   a  10..50    client
          work b  110..130  server
        call   a  60..100   client
          work b  20..40    server
    `);
    expect(table.correctionNs && [...table.correctionNs]).toEqual([0, 0, -90e6, 0, 50e6]);
  });

  it('only brings a longer child to its parent', () => {
    const table = traceFromText(`
      call   a  100..110  client
        work b  50..90    server
    `);
    expect(table.correctionNs && [...table.correctionNs]).toEqual([0, 50e6]);
  });

  it.each([
    ['the same process', 'root  a  0..10  server\n  late  a  12..15  internal'],
    ['the same host', 'root  a  0..10  client host=h\n  late  b  12..15  server host=h'],
    ['what a consumer does later', 'send  a  0..10  producer\n  receive  b  50..60  consumer'],
    ['a span that runs', 'call  a  0..10  client\n  open  b  12..  server'],
    ['a difference under a millisecond', 'call  a  10..20  client\n  work  b  9.5..12  server'],
    ['a child within its parent', 'call  a  0..10  client\n  work  b  2..8  server'],
  ])('does not move %s', (_, text) => {
    const table = traceFromText(text);
    expect(table.correctionNs).toBeUndefined();
    expect(table.defects).toEqual([]);
  });

  it('knows hosts apart that have services of one name', () => {
    const table = traceFromText('call  a  0..10  client host=x\n  work  a  112..115  server host=y');
    expect(table.correctionNs && [...table.correctionNs]).toEqual([0, -108.5e6]);
  });
});
