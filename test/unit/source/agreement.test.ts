// Two things that a span says and that lead to the same function are worth more than one; a class is no function.
import { expect, it } from 'vitest';
import { hintsOf, shown } from './support/memory';

it('leads to the function that has the name as a text, not to the class around it that is the beginning of the name', async () => {
  const files = {
    'Garden/ReedIndex.cs': `namespace Garden;

public sealed class ReedIndex(IReedStore store) : IReedIndex
{
    public async Task<Reed> FindByNameAsync(string name)
    {
        using (Telemetry.Activities.StartActivity("ReedIndex/GetReedByName"))
        {
            return await store.FindAsync(name);
        }
    }
}
`,
  };
  const span = { name: 'ReedIndex/GetReedByName', kind: 1, language: 'dotnet', attributes: {} };
  expect(shown(await hintsOf(span, files))[0]).toMatch(/^Garden\/ReedIndex\.cs:7 /);
});
