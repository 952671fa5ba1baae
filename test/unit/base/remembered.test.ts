import { expect, it } from 'vitest';
import { remembered } from '../../../src/base/remembered';

it('works each text out once, but for long ones and those that were asked long ago', () => {
  const asked: string[] = [];
  const upper = remembered(
    (text) => {
      asked.push(text);
      return text.toUpperCase();
    },
    2,
    5,
  );
  expect(['pier', 'pier', 'harbour', 'harbour', ''].map(upper)).toEqual(['PIER', 'PIER', 'HARBOUR', 'HARBOUR', '']);
  expect(asked).toEqual(['pier', 'harbour', 'harbour', '']);
  for (const text of ['a', 'b', 'c', 'd', 'pier']) upper(text);
  expect(asked.slice(4)).toEqual(['a', 'b', 'c', 'd', 'pier']);
});
