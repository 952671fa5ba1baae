// A stored procedure: all that its span tells is the name.
import { describe, expect, it } from 'vitest';
import { placeOf } from './support/memory';

const files = {
  'Data/LampRepository.cs': `public class LampRepository : Repository<Lamp>
{
    public async Task<Lamp> GetByRoomAsync(Guid room)
    {
        return await connection.QueryAsync<Lamp>(
            $"[{Schema}].[Lamp_ReadByRoom]",
            new { Room = room },
            commandType: CommandType.StoredProcedure);
    }
    public async Task<Lamp> GetByBulbAsync(string bulb) =>
        await connection.QueryAsync<Lamp>($"[{Schema}].[{Table}_ReadByBulb]", new { bulb });
}
`,
  'Data/WireRepository.cs': `public class WireRepository : Repository<Wire>
{
    public async Task<Wire> GetByBulbAsync(string bulb) =>
        await connection.QueryAsync<Wire>($"[{Schema}].[{Table}_ReadByBulb]", new { bulb });
}
`,
  'Sql/Lamp_ReadByRoom.sql': 'CREATE PROCEDURE [dbo].[Lamp_ReadByRoom]\n    @Room UNIQUEIDENTIFIER\nAS\nSELECT 1\n',
  'Sql/Lamp_Fade.sql': 'CREATE OR ALTER PROCEDURE [dbo].[Lamp_Fade]\nAS\nUPDATE Lamp SET On = 0\n',
};
const place = (text: string): Promise<string> =>
  placeOf(
    { name: 'home', language: 'dotnet', kind: 3, attributes: { 'db.system': 'mssql', 'db.name': 'home', 'db.statement': text } },
    files,
  );

describe('a stored procedure', () => {
  it('is named where it is called', async () => {
    expect(await place('[dbo].[Lamp_ReadByRoom]')).toBe('Data/LampRepository.cs:6');
    expect(await place('dbo.Lamp_ReadByRoom')).toBe('Data/LampRepository.cs:6');
  });

  it('whose table a class for all tables puts in is of the class of that table', async () => {
    expect(await place('[dbo].[Wire_ReadByBulb]')).toBe('Data/WireRepository.cs:4');
    expect(await place('[dbo].[Lamp_ReadByBulb]')).toBe('Data/LampRepository.cs:11');
  });

  it('that nobody names in code is shown where it is made', async () => {
    expect(await place('{call dbo.Lamp_Fade(?, ?)}')).toBe('Sql/Lamp_Fade.sql:1');
  });
});
