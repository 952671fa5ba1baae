// What a workspace's settings do to the person's own is told once, and again only when it is another thing.
import { beforeEach, expect, it } from 'vitest';
import { Announcer } from '../../../../src/app/settings/announcer';
import { OwnSettings } from '../../../../src/app/settings/ownSettings';
import { Settings } from '../../../../src/app/settings/settings';
import { Emitter } from '../../../../src/base/emitter';
import { turn } from '../support/fakeEngine';
import { FakeMemento, FakeSettings, silentLog } from '../support/fakePorts';

let source: FakeSettings;
let memento: FakeMemento;
let own: OwnSettings;
let told: string[];
let ran: unknown[];
let press: string | undefined;

function announcer(): Announcer {
  return new Announcer({
    settings: new Settings(source, silentLog, own),
    own,
    memento,
    problems: { guard: async (work) => work() },
    ui: {
      showMessage: async (_, message, ...buttons) => {
        told.push(message);
        return buttons.find((button) => button === press);
      },
      run: async (...given) => ran.push(given),
    },
    workspace: { onDidChangeFolders: new Emitter<void>().event },
  });
}

beforeEach(() => {
  source = new FakeSettings({ 'redact.keys': ['password', 'token'] }, { 'redact.keys': ['password'] });
  memento = new FakeMemento();
  own = new OwnSettings(memento);
  told = [];
  ran = [];
  press = undefined;
});

it('says it once, in this window and in the next', async () => {
  const first = announcer();
  first.look();
  first.look();
  announcer().look();
  await turn();
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/take 1 key \(token\) out of your redaction/);
});

it('says nothing before the workspace is trusted', async () => {
  source.isTrusted = false;
  const one = announcer();
  one.look();
  expect([told, one.all]).toEqual([[], []]);
  source.trust();
  await turn();
  expect(told).toHaveLength(1);
});

it('says what changed since', async () => {
  announcer().look();
  await source.update('redact.keys', [], 'workspace');
  await turn();
  expect(told).toHaveLength(2);
});

it("uses the person's own from a button on, and shows the setting", async () => {
  press = 'Use Mine Instead';
  announcer().look();
  await turn();
  expect(own.has('redact.keys')).toBe(true);
  expect(told[1]).toMatch(/Your own redaction is used in this workspace from now on/);
  await own.set(['redact.keys'], false);
  press = 'Show Setting';
  memento = new FakeMemento();
  announcer().look();
  await turn();
  expect(ran).toEqual([['workbench.action.openWorkspaceSettingsFile', { revealSetting: { key: 'spanhop.redact.keys' } }]]);
});
